using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;

namespace Portcullis.BrowserTests;

/// <summary>A page opened from a file, with all that the browser complained of or asked for.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"portcullis-{Guid.NewGuid():N}.html");
    private readonly IBrowserContext _window;

    private OpenedPage(IBrowserContext window, IPage page)
    {
        _window = window;
        Page = page;
    }

    internal IPage Page { get; }

    /// <summary>What the console said, and what scripts threw.</summary>
    internal List<string> Complaints { get; } = [];

    /// <summary>Every address that was asked for, the page's own first.</summary>
    internal List<string> Requests { get; } = [];

    /// <summary>Whether a dialog was opened.</summary>
    internal bool Spoke { get; private set; }

    internal static async Task<OpenedPage> Open(IBrowserContext window, string html)
    {
        OpenedPage opened = new(window, await window.NewPageAsync());
        await File.WriteAllTextAsync(opened._file, html);
        opened.Page.Console += (_, message) => opened.Complaints.Add($"{message.Type}: {message.Text}");
        opened.Page.PageError += (_, error) => opened.Complaints.Add(error);
        opened.Page.Request += (_, request) => opened.Requests.Add(request.Url);
        opened.Page.RequestFailed += (_, request) => opened.Complaints.Add($"failed: {request.Url}");
        opened.Page.Dialog += (_, dialog) =>
        {
            opened.Spoke = true;
            _ = dialog.DismissAsync();
        };
        await opened.Page.GotoAsync("file://" + opened._file, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await _window.CloseAsync();
        File.Delete(_file);
    }
}
