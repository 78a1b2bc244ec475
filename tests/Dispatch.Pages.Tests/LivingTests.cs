using Microsoft.Playwright;
using TrafficDispatch.Model;
using static Microsoft.Playwright.Assertions;

namespace TrafficDispatch.Pages.Tests;

/// <summary>Pages that stay open while something happens, over services of their own.</summary>
[Collection(InChromium.Name)]
public sealed class LivingTests(Chromium chromium) : IDisposable
{
    private const string Token = "viewer-0123456789abcdef";

    private readonly TestWorld _world = TestWorld.Full();
    private readonly StateDirectory _state = new();
    private readonly string _tokens = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_tokens);
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Swap_WhileThePageIsOpen_IsShownAndAnnounced()
    {
        await using TestService service = await Start();
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(service.HttpUrl + "/#edge/own-par");
        IPage page = tab.Page;
        await Expect(page.Locator("#chosen-body")).ToContainTextAsync("If it dies");

        service.Holder.Say("test", [new(HealthScope.Edge, "own-par", HealthState.Drained, 0)]);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Expect(page.Locator("#news")).ToHaveTextAsync("own-par is drained.");
        await Expect(page.Locator("#out-body")).ToContainTextAsync("own-par drained (test)");
        await Expect(page.Locator("#chosen-body .facts")).ToContainTextAsync("drained");
        await Expect(page.Locator("#chosen-body")).ToContainTextAsync("Serves nobody");

        await service.NextCycleAfterLeap(TimeSpan.FromHours(9));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        string version = service.Holder.Current!.Table.Version.ToString();
        await Expect(page.Locator("#version")).ToHaveTextAsync("table " + version);
        await Expect(page.Locator("#news")).ToContainTextAsync("is in force");
        await Expect(page.Locator("#diff-body")).ToContainTextAsync("entries changed");
        Assert.Empty(tab.Troubles);
    }

    [Fact]
    public async Task Service_GoneAndBack_IsToldAndFollowed()
    {
        string address;
        await using Tab tab = await chromium.OpenAsync();
        await using (TestService service = await Start())
        {
            address = service.HttpUrl;
            await tab.GoAsync(address + "/");
        }
        await Expect(tab.Page.Locator("#state")).ToHaveTextAsync("no connection");
        // What was known stays to be read.
        await Expect(tab.Page.Locator("#tab-panel tbody tr")).ToHaveCountAsync(4);
        await using TestService again = await Start("Kestrel:Endpoints:Http:Url=" + address);
        await Expect(tab.Page.Locator("#state")).ToHaveTextAsync("ready");
    }

    [Fact]
    public async Task Elsewhere_WithoutAndWithAToken_SeesWhatItMay()
    {
        await File.WriteAllTextAsync(_tokens, $"ana viewer {Token}\n");
        await using TestService service = await Start("Admin:TokenFile=" + _tokens);
        string elsewhere = new UriBuilder(service.HttpUrl) { Host = Chromium.Elsewhere }.Uri.GetLeftPart(UriPartial.Authority);
        await using Tab tab = await chromium.OpenAsync();
        IPage page = tab.Page;
        List<string> bodies = [];
        page.Response += async (_, response) =>
        {
            if (response.Url.Contains("/page/edge/", StringComparison.Ordinal) && response.Ok) bodies.Add(await response.TextAsync());
        };
        await tab.GoAsync(elsewhere + "/#edge/own-par");
        await Expect(page.Locator("#figures")).ToContainTextAsync("withheld");
        await Expect(page.Locator("#chosen-body")).ToContainTextAsync("If it dies");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("USD");
        Assert.Empty(tab.Troubles);
        await tab.ShootAsync("page-withheld");

        await page.GetByLabel("Client address, prefix or region").FillAsync("192.0.2.7");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#chosen")).ToContainTextAsync("need the role of a viewer");
        await page.Locator("#chosen").GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Token").FillAsync("viewer-of-another-world");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#sign-fault")).ToContainTextAsync("not known here");
        await page.GetByLabel("Token").FillAsync(Token);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#figures")).ToContainTextAsync("USD / h");
        await Expect(page.Locator(".why")).ToContainTextAsync("Region FR-01");

        await page.ReloadAsync();
        await Expect(page.Locator("#figures")).ToContainTextAsync("USD / h");
        Assert.DoesNotContain(Token, page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out ana" }).ClickAsync();
        await Expect(page.Locator("#figures")).ToContainTextAsync("withheld");
        Assert.All(bodies, static b => Assert.DoesNotContain("room", b, StringComparison.Ordinal));
        Assert.All(tab.Troubles, static t => Assert.Contains("401", t, StringComparison.Ordinal));
    }

    /// <summary>What facts call places is text, whatever it looks like.</summary>
    [Fact]
    public async Task Names_ThatLookLikeMarkup_StayText()
    {
        const string Name = "<img src=x onerror=document.title='run'>";
        _world.Change("regions.csv", "FR-01,Paris,", $"FR-01,{Name},").Change("edges.csv", "own-bos,own,own,BOS,Boston,", $"own-bos,own,own,BOS,{Name},");
        await using TestService service = await Start();
        await using Tab tab = await chromium.OpenAsync();
        await tab.GoAsync(service.HttpUrl + "/#region/FR-01");
        await Expect(tab.Page.Locator("#chosen-title")).ToHaveTextAsync($"{Name} (FR-01)");
        await Expect(tab.Page.Locator("tr[data-id='own-bos']")).ToContainTextAsync(Name);
        Assert.Equal(0, await tab.Page.Locator("img").CountAsync());
        Assert.Equal("TrafficDispatch", await tab.Page.TitleAsync());
        Assert.Empty(tab.Troubles);
    }

    private Task<TestService> Start(params string[] settings) => TestService.StartAsync(_world.Save().Directory, _state.Path, null, ["Solve:PacePercent=100", "Solve:DeadBandPercent=0", "Solve:OnloadPercent=off", .. settings]);
}
