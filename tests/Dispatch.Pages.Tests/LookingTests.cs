using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using TrafficDispatch.Protocol.V1;
using static Microsoft.Playwright.Assertions;

namespace TrafficDispatch.Pages.Tests;

/// <summary>The page over the shipped world, as people look at it.</summary>
[Collection(InChromium.Name)]
public sealed class LookingTests(Chromium chromium, ShippedService shipped)
{
    private readonly TestService _service = shipped.Service;

    [Fact]
    public async Task Open_ShippedWorld_ShowsTheTableWithoutATrouble()
    {
        await shipped.SettledAsync();
        StatusReply status = await _service.Status();
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/");
        await Expect(tab.Page.Locator("#state")).ToHaveTextAsync("ready");
        await Expect(tab.Page.Locator("#version")).ToContainTextAsync(Version(_service));
        string figures = await tab.Page.Locator("#figures").InnerTextAsync();
        Assert.Contains(Milliseconds(status.Optimum.P99RttUs), figures, StringComparison.Ordinal);
        Assert.Contains("USD / h", figures, StringComparison.Ordinal);
        foreach (string baseline in (string[])["Nearest", "By weight", "Greedy"]) await Expect(tab.Page.Locator("#against-body")).ToContainTextAsync(baseline);
        Assert.Equal(["Edges", "Sites", "Contracts", "Regions", "Relays and origins"], (await tab.Page.GetByRole(AriaRole.Tab).AllInnerTextsAsync()).Select(static t => t.TrimEnd(' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9')));
        await Expect(tab.Page.Locator("#tab-edge")).ToContainTextAsync(status.Edges.ToString(CultureInfo.InvariantCulture));
        await Expect(tab.Page.Locator("#map-note")).ToContainTextAsync("flows");
        await tab.ShootAsync("page-dark");
        Assert.Empty(tab.Troubles);
    }

    [Fact]
    public async Task Screen_OfAnySize_HoldsAllOfIt()
    {
        await using Tab tab = await chromium.OpenAsync(1920, 1080, ColorScheme.Light);
        await tab.GoAsync(_service.HttpUrl + "/#edge/own-fra");
        await Expect(tab.Page.Locator("#chosen-body")).ToContainTextAsync("If it dies");
        foreach ((int width, int height, string name) in ((int, int, string)[])[(1920, 1080, "page-light-1920"), (1280, 800, "page-light"), (768, 1024, "page-tablet"), (390, 844, "page-phone")])
        {
            await tab.Page.SetViewportSizeAsync(width, height);
            Assert.Equal(width, await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            // Every figure and heading is within the screen, and nothing of it is cut off.
            Assert.Empty(await tab.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('h1, h2, h3, .tile dd, .tile dt, .chip, button, .facts dd')].filter(e => e.checkVisibility() && !e.closest('.hidden, .tab-panel, .skip'))
                    .filter(e => { const r = e.getBoundingClientRect(); return r.right > innerWidth + 1 || r.left < -1 || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'; })
                    .map(e => e.outerHTML.slice(0, 120))
                """));
            await tab.ShootAsync(name, whole: width < 1100);
        }
        Assert.Empty(tab.Troubles);
    }

    [Fact]
    public async Task Edge_ClickedOnTheMap_TellsWhomItServesAndWhatItsDeathBrings()
    {
        await shipped.SettledAsync();
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/");
        JsonElement at = await tab.Page.EvaluateAsync<JsonElement>("dispatchPage.pointOf('edge', 'own-sha')");
        await tab.Page.Mouse.MoveAsync(at.GetProperty("x").GetSingle(), at.GetProperty("y").GetSingle());
        await Expect(tab.Page.Locator("#map-tip")).ToContainTextAsync("own-sha");
        await tab.Page.Mouse.ClickAsync(at.GetProperty("x").GetSingle(), at.GetProperty("y").GetSingle());
        ILocator details = tab.Page.Locator("#chosen");
        await Expect(details.GetByRole(AriaRole.Heading, new() { Name = "own-sha", Exact = true })).ToBeVisibleAsync();
        await Expect(details).ToContainTextAsync("Shadow price");
        await Expect(details.GetByRole(AriaRole.Table, new() { Name = "Regions it serves" })).ToBeVisibleAsync();
        await Expect(details).ToContainTextAsync("the failover for edge:own-sha is in the table");
        await Expect(details).ToContainTextAsync("If its fault domain dies");
        Assert.EndsWith("#edge/own-sha", tab.Page.Url, StringComparison.Ordinal);
        await tab.ShootAsync("page-edge");
        Assert.Empty(tab.Troubles);
    }

    [Fact]
    public async Task Lists_ByKeyboardAlone_ChooseSortAndGoBack()
    {
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/");
        IPage page = tab.Page;
        // The second link of the page leads past the map.
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("Skip to the lists")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Tab, new() { Selected = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByRole(AriaRole.Tab, new() { Selected = true })).ToContainTextAsync("Sites");
        await page.Keyboard.PressAsync("Home");
        await page.Locator("#filter").FocusAsync();
        await page.Keyboard.TypeAsync("own-");
        // The head sorts; the rows are one stop, walked with arrows.
        ILocator head = page.GetByRole(AriaRole.Button, new() { Name = "Id", Exact = true });
        await head.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("th[data-key=id]")).ToHaveAttributeAsync("aria-sort", "ascending");
        ILocator first = page.Locator("#tab-panel tbody tr").First;
        await Expect(first).ToHaveAttributeAsync("data-id", _service.Holder.Current!.Table.Content.Edges.Select(static e => e.Id).Where(static e => e.StartsWith("own-", StringComparison.Ordinal)).Min(StringComparer.Ordinal)!);
        await Expect(page.Locator("#tab-panel tbody tr[tabindex='0']")).ToHaveCountAsync(1);
        await page.Locator("#tab-panel tbody tr[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowDown");
        string chosen = (await page.Locator("#tab-panel tbody tr:focus").GetAttributeAsync("data-id"))!;
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#chosen-title")).ToHaveTextAsync(chosen);
        await Expect(page.Locator("tr[aria-selected='true']")).ToHaveAttributeAsync("data-id", chosen);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#chosen")).ToBeHiddenAsync();
        await Expect(page.Locator($"tr[data-id='{chosen}']")).ToBeFocusedAsync();
        Assert.Empty(tab.Troubles);
    }

    [Fact]
    public async Task Map_ByKeyboardAlone_MovesZoomsAndChooses()
    {
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/");
        IPage page = tab.Page;
        await page.Locator("#chosen-close, #map-box").Last.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.GetByText("Skip to the map").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#map-box")).ToBeFocusedAsync();
        JsonElement before = await page.EvaluateAsync<JsonElement>("dispatchPage.pointOf('edge', 'own-fra')");
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("ArrowLeft");
        JsonElement after = await page.EvaluateAsync<JsonElement>("dispatchPage.pointOf('edge', 'own-fra')");
        Assert.NotEqual(before.GetProperty("x").GetDouble(), after.GetProperty("x").GetDouble());
        await page.Keyboard.PressAsync("0");
        Assert.Equal(before.GetProperty("x").GetDouble(), (await page.EvaluateAsync<JsonElement>("dispatchPage.pointOf('edge', 'own-fra')")).GetProperty("x").GetDouble(), 0.01);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#chosen")).ToBeVisibleAsync();
        await tab.ShootAsync("page-map-keyboard");
        Assert.Empty(tab.Troubles);
    }

    [Fact]
    public async Task Address_Typed_IsExplainedAsResolveAnswers()
    {
        ResolveReply reply = await _service.Resolve(new() { ClientIp = "81.2.69.160", Service = "vod", Count = 16 });
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(_service.HttpUrl + "/");
        IPage page = tab.Page;
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("81.2.69.160");
        await page.GetByLabel("Service").SelectOptionAsync("vod");
        await page.GetByRole(AriaRole.Button, new() { Name = "Why?" }).ClickAsync();
        await Expect(page.Locator(".why")).ToHaveTextAsync(reply.Reason);
        Assert.Equal(reply.Edges.Select(static e => e.Id), await page.Locator(".order > li > button").AllInnerTextsAsync());
        await Expect(page.Locator("#chosen")).ToContainTextAsync("/" + reply.ScopePrefixLen.ToString(CultureInfo.InvariantCulture));
        await Expect(page.Locator("#chosen")).ToBeFocusedAsync();
        await tab.ShootAsync("page-address");
        await page.GetByLabel("Client address, prefix or region").FillAsync("nobody at all");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "neither an address" })).ToBeVisibleAsync();
        // The browser itself notes that the question was refused; that is all.
        Assert.All(tab.Troubles, static t => Assert.Contains("400", t, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutScript_TheDocument_LeadsToThePlainPage()
    {
        await using Tab tab = await chromium.OpenAsync(script: false);
        await tab.Page.GotoAsync(_service.HttpUrl + "/");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "the plain page" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Table in force" })).ToBeVisibleAsync();
        Assert.Empty(tab.Troubles);
    }

    private static string Version(TestService service) => service.Holder.Current!.Table.Version.ToString();

    private static string Milliseconds(long microseconds) => (microseconds / 1000.0).ToString("0.#", CultureInfo.InvariantCulture) + " ms";
}
