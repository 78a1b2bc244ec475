using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace TrafficDispatch.Pages.Tests;

/// <summary>What Chromium itself makes of the page for screen readers, and whether its colours can be read.</summary>
[Collection(InChromium.Name)]
public sealed class AccessibilityTests(Chromium chromium, ShippedService shipped)
{
    private readonly TestService _service = shipped.Service;

    [Fact]
    public async Task Tree_OfThePage_HasLandmarksHeadingsAndNames()
    {
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/#edge/own-fra");
        await Expect(tab.Page.Locator("#chosen-body")).ToContainTextAsync("If it dies");
        foreach (AriaRole landmark in (AriaRole[])[AriaRole.Banner, AriaRole.Main, AriaRole.Search, AriaRole.Complementary, AriaRole.Tablist])
            Assert.Equal(1, await tab.Page.GetByRole(landmark).CountAsync());
        (string Role, string Name, bool IsStop)[] nodes = await TreeAsync(tab.Page);
        // Whatever can be operated says what it is.
        Assert.DoesNotContain(nodes, static n => n.IsStop && n.Name.Length == 0 && n.Role != "RootWebArea");
        Assert.True(nodes.Count(static n => n.IsStop) > 100);
        Assert.Contains(nodes, static n => n is { Role: "group", Name: "World map of regions, edges and flows", IsStop: true });
        Assert.Contains(nodes, static n => n is { Role: "grid", Name: "Edges" });
        // The map's picture is nothing for those who cannot see it: the lists say it all.
        Assert.DoesNotContain(nodes, static n => n.Role is "Canvas" or "canvas");
        int[] levels = await tab.Page.EvaluateAsync<int[]>("[...document.querySelectorAll('h1, h2, h3')].filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))");
        Assert.Equal(1, levels[0]);
        for (int i = 1; i < levels.Length; i++) Assert.True(levels[i] <= levels[i - 1] + 1 && levels[i] > 1, $"heading {i} is of level {levels[i]} after {levels[i - 1]}");
        Assert.Equal("en", await tab.Page.EvaluateAsync<string>("document.documentElement.lang"));
    }

    /// <summary>WCAG 2.2, 1.4.3: text at least 4.5 to 1 against what it stands on; 1.4.11: marks at least 3 to 1.</summary>
    [Fact]
    public async Task Colours_OfTextAndMarks_CanBeRead()
    {
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/#edge/own-sha");
        await Expect(tab.Page.Locator("#chosen-body")).ToContainTextAsync("If it dies");
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Empty(await tab.Page.EvaluateAsync<string[]>(Contrast.OfTexts));
            foreach (string mark in (string[])["ok", "warm", "hot", "idle", "out", "relay", "region", "unserved", "focus"])
                foreach (string ground in (string[])["sea", "land"])
                    Assert.True(await tab.Page.EvaluateAsync<double>(Contrast.OfVariables, new[] { $"--map-{mark}", $"--map-{ground}" }) >= 3, $"{mark} on {ground} in {scheme}");
        }
    }

    [Fact]
    public async Task Theme_Switched_HoldsAgainstTheSystemAndOverAReload()
    {
        await using Tab tab = await chromium.OpenAsync(scheme: ColorScheme.Light, motion: ReducedMotion.Reduce);
        await tab.GoAsync(_service.HttpUrl + "/");
        string light = await GroundAsync(tab.Page);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Theme: system" }).ClickAsync();
        await Expect(tab.Page.Locator("#theme")).ToHaveTextAsync("Theme: dark");
        string dark = await GroundAsync(tab.Page);
        Assert.NotEqual(light, dark);
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.Locator("#theme")).ToHaveTextAsync("Theme: dark");
        Assert.Equal(dark, await GroundAsync(tab.Page));
        await tab.Page.Locator("#theme").ClickAsync();
        await tab.Page.Locator("#theme").ClickAsync();
        await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
        Assert.Equal(dark, await GroundAsync(tab.Page));
        // Nothing moves for those who do not want it to.
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("document.getAnimations().length"));
        Assert.Empty(tab.Troubles);
    }

    /// <summary>Focus is always to be seen: each stop of the Tab key has an outline.</summary>
    [Fact]
    public async Task Focus_AtEachStop_IsVisible()
    {
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/");
        List<string> stops = [];
        for (int i = 0; i < 40; i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            string stop = await tab.Page.EvaluateAsync<string>("""
                () => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
                  return e === document.body ? '' : `${e.id || e.textContent.trim().slice(0, 30)}|${s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2}|${r.width > 1 && r.height > 1}`; }
                """);
            if (stop.Length == 0) break;
            stops.Add(stop);
        }
        Assert.All(stops, static s => Assert.EndsWith("|true|true", s, StringComparison.Ordinal));
        Assert.Contains(stops, static s => s.StartsWith("map-box|", StringComparison.Ordinal));
        Assert.Contains(stops, static s => s.StartsWith("filter|", StringComparison.Ordinal));
    }

    private static Task<string> GroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");

    private static async Task<(string Role, string Name, bool IsStop)[]> TreeAsync(IPage page)
    {
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        JsonElement? tree = await session.SendAsync("Accessibility.getFullAXTree");
        return [.. tree!.Value.GetProperty("nodes").EnumerateArray().Where(static n => !n.GetProperty("ignored").GetBoolean())
            .Select(static n => (Text(n, "role"), Text(n, "name"), n.TryGetProperty("properties", out JsonElement all) && all.EnumerateArray().Any(static p => p.GetProperty("name").GetString() == "focusable")))];
    }

    private static string Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out JsonElement value) && value.TryGetProperty("value", out JsonElement text) ? text.GetString() ?? "" : "";
}
