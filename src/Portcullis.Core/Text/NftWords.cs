using System;

namespace Portcullis.Core.Text;

/// <summary>Goes through the words of an nft script, without its comments and quoted texts. Words are of letters, digits and "-_".</summary>
internal ref struct NftWords(string script)
{
    private readonly string _script = script;
    private int _at;

    /// <summary>The present word.</summary>
    public string Current { get; private set; } = "";

    /// <summary>Itself, for foreach.</summary>
    public readonly NftWords GetEnumerator() => this;

    /// <summary>Goes to the next word.</summary>
    public bool MoveNext()
    {
        while (_at < _script.Length)
        {
            char letter = _script[_at];
            if (letter == '#')
            {
                int end = _script.IndexOf('\n', _at);
                _at = end < 0 ? _script.Length : end + 1;
            }
            else if (letter == '"')
            {
                // A text that never ends would swallow the rest: nft takes none over the end of a line.
                int end = _script.AsSpan(_at + 1).IndexOfAny('"', '\n');
                _at = end < 0 ? _script.Length : _at + end + 2;
            }
            else if (!IsWord(letter))
            {
                _at++;
            }
            else
            {
                int start = _at;
                while (_at < _script.Length && IsWord(_script[_at]))
                {
                    _at++;
                }

                Current = _script[start.._at];
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
