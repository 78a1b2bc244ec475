using System.Globalization;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace TrafficDispatch.Pages.Tests;

/// <summary>The page over 2,000 edges and some thousand flows.</summary>
[Collection(InChromium.Name)]
public sealed class ManyEdgesTests(Chromium chromium, ITestOutputHelper output) : IDisposable
{
    private const int Edges = 2000, Regions = 250;

    private readonly TestWorld _world = TestWorld.Minimal();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Open_TwoThousandEdges_CanBeUsed()
    {
        Fill(_world);
        await using TestService service = await TestService.StartAsync(_world.Save().Directory, _state.Path, null, "Solve:Failures=off");
        await using Tab tab = await chromium.OpenAsync(1920, 1080);
        await tab.GoAsync(service.HttpUrl + "/");
        IPage page = tab.Page;
        await Expect(page.Locator("#tab-edge")).ToContainTextAsync("2000");
        // A piece of the list at a time, and all of it by the keyboard.
        ILocator rows = page.Locator("#tab-panel tbody tr");
        await Expect(rows).ToHaveCountAsync(150);
        await rows.First.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(rows).ToHaveCountAsync(300);
        await Expect(rows.Nth(150)).ToBeFocusedAsync();
        await page.Locator("#filter").FillAsync("e-1234");
        await Expect(rows).ToHaveCountAsync(1);
        await rows.First.ClickAsync();
        await Expect(page.Locator("#chosen-title")).ToHaveTextAsync("e-1234");
        await Expect(page.Locator("#chosen-body")).ToContainTextAsync("If it dies");
        await page.Keyboard.PressAsync("Escape");
        for (int i = 0; i < 8; i++) await page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the whole world" }).ClickAsync();
        double[] times = await page.EvaluateAsync<double[]>("dispatchPage.times()");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Length} drawings, median {times.Order().ElementAt(times.Length / 2):0.0} ms, longest {times.Max():0.0} ms"));
        Assert.True(times.Length > 5);
        await tab.ShootAsync("page-2000-edges");
        Assert.Empty(tab.Troubles);
    }

    /// <summary>Places scattered over the inhabited latitudes by a fixed rule; each edge so small that most regions need several.</summary>
    private static void Fill(TestWorld world)
    {
        string edgeHead = "edge_id,operator,kind,site_code,city,iso2,continent,zone,lat,lon,capacity_gbps,price_model,usd_per_mbps_month,usd_per_gb,fault_domain,jurisdiction,price_source";
        string regionHead = "region_id,city,admin,country,iso2,continent,zone,lat,lon,timezone,utc_offset_h,jurisdiction,residency_rule,peak_gbps";
        (double Lat, double Lon)[] edges = [.. Enumerable.Range(0, Edges).Select(Place)], regions = [.. Enumerable.Range(Edges, Regions).Select(Place)];
        world.With("edges.csv", [edgeHead, .. edges.Select((e, i) => string.Create(CultureInfo.InvariantCulture,
            $"e-{i:0000},{(i % 3 == 0 ? "own" : $"cdn-{i % 3}")},{(i % 3 == 0 ? "own" : "cdn")},S{i / 3},City {i / 3},US,NA,NAE,{e.Lat:0.00},{e.Lon:0.00},{1 + i % 7},per_mbps_month,{0.5 + i % 5 * 0.1:0.0},0.004,US:{i / 3},US,test"))]);
        world.With("regions.csv", [regionHead, .. regions.Select((r, i) => string.Create(CultureInfo.InvariantCulture,
            $"r-{i:000},Town {i},,United States,US,NA,NAE,{r.Lat:0.00},{r.Lon:0.00},UTC,0,US,,{20 + i % 9 * 3}"))]);
        world.With("rtt_region_edge.csv", ["region_id," + string.Join(',', Enumerable.Range(0, Edges).Select(static i => $"e-{i:0000}")),
            .. regions.Select((r, i) => $"r-{i:000}," + string.Join(',', edges.Select(e => (5 + (int)(Math.Abs(r.Lat - e.Lat) + Math.Abs(r.Lon - e.Lon))).ToString(CultureInfo.InvariantCulture))))]);
    }

    // The R2 sequence (Roberts, 2018): points that keep away from each other in the plane.
    private static (double Lat, double Lon) Place(int i) => (-38 + 100 * (i * 0.7548776662466927 % 1), -170 + 340 * (i * 0.5698402909980532 % 1));
}
