namespace Portcullis.Core.Knowledge;

/// <summary>Whether somebody on the way can read what a service says.</summary>
public enum ClearText
{
    /// <summary>Always encrypted.</summary>
    No,

    /// <summary>As the server is set up: encryption can be had on this same port, by STARTTLS or a setting.</summary>
    Optional,

    /// <summary>Encrypted in part, or by a method that is broken or too weak.</summary>
    Weak,

    /// <summary>Always readable.</summary>
    Yes,
}
