using Microsoft.Playwright;

namespace TrafficDispatch.Pages.Tests;

/// <summary>One browser for all tests, the system's own; each test has a profile of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>A name that leads to this machine and is none of its own: what comes by it counts as from elsewhere.</summary>
    public const string Elsewhere = "dispatch.example.test";

    private const string Program = "/usr/bin/chromium";
    private const float Patience = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Timeout = Patience,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run", "--disable-sync",
                $"--host-resolver-rules=MAP {Elsewhere} 127.0.0.1",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a tab in a profile of its own.</summary>
    internal async Task<Tab> OpenAsync(int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Dark, ReducedMotion motion = ReducedMotion.NoPreference, bool script = true)
    {
        IBrowserContext profile = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = motion,
            JavaScriptEnabled = script,
        });
        profile.SetDefaultTimeout(Patience);
        return new(profile, await profile.NewPageAsync());
    }
}

/// <summary>All tests that share the browser run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class InChromium : ICollectionFixture<Chromium>, ICollectionFixture<ShippedService>
{
    public const string Name = "chromium";
}
