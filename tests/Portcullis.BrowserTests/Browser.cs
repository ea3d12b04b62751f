using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace Portcullis.BrowserTests;

/// <summary>One Chromium for all tests of a class: Debian's own, so that nothing but packages is fetched.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        string? program = Array.Find(Places, File.Exists);
        Assert.True(program is not null, "Chromium is not here: tests/lab/setup installs it (as root)");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            // Its sandbox refuses to run as root, and the only page it opens is ours.
            Args = ["--no-sandbox", "--disable-gpu"],
            Timeout = 60_000,
        });
    }

    /// <summary>A new window.</summary>
    internal Task<IBrowserContext> Window(ColorScheme scheme = ColorScheme.Light, int width = 1280, bool scripts = true) => _browser!.NewContextAsync(new BrowserNewContextOptions
    {
        ColorScheme = scheme,
        ViewportSize = new ViewportSize { Width = width, Height = 900 },
        JavaScriptEnabled = scripts,
    });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
