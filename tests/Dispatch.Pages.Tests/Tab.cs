using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace TrafficDispatch.Pages.Tests;

/// <summary>A tab, and everything that went wrong in it: errors and warnings of scripts and policies, failed requests, requests to anywhere else.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext _profile;
    private readonly ConcurrentQueue<string> _troubles = new();
    private Uri? _origin;

    public Tab(IBrowserContext profile, IPage page)
    {
        (_profile, Page) = (profile, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _troubles.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, fault) => _troubles.Enqueue($"script: {fault}");
        page.Request += (_, request) =>
        {
            if (_origin is not null && !request.Url.StartsWith(_origin.GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal)) _troubles.Enqueue($"left the origin: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>What went wrong so far.</summary>
    public string[] Troubles => [.. _troubles];

    /// <summary>Opens the page and waits until it shows a table.</summary>
    public async Task GoAsync(string url)
    {
        _origin = new Uri(url);
        await Page.GotoAsync(url);
        await Page.Locator("#tab-panel tbody tr[data-id]").First.WaitForAsync();
    }

    /// <summary>Looks at it, for people: into <c>artifacts/screenshots</c>.</summary>
    public Task ShootAsync(string name, bool whole = false) => Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, name + ".png"), FullPage = whole });

    public async ValueTask DisposeAsync() => await _profile.DisposeAsync();
}
