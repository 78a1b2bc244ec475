using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using TrafficDispatch.Service.Pages.Data;
using TrafficDispatch.Service.Pages.Live;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Pages;

/// <summary>The page for those who look from elsewhere, and of processes that know less.</summary>
public sealed class PageElsewhereTests : IDisposable
{
    private const string Token = "viewer-0123456789abcdef";
    private static readonly string[] Secret = ["usd", "cost", "price", "bill", "room", "door", "burst", "paid", "commit"];

    private readonly TestWorld _world = TestWorld.Full().Save();
    private readonly StateDirectory _state = new();
    private readonly string _tokens = Path.GetTempFileName();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        File.Delete(_tokens);
        _state.Dispose();
        _world.Dispose();
    }

    /// <summary>What is withheld is not there: not a word of money in anything that is sent.</summary>
    [Fact]
    public async Task Answers_WithoutARole_HoldNoMoneyAndNoExplanation()
    {
        await File.WriteAllTextAsync(_tokens, $"ana viewer {Token}\n");
        await using TestService service = await Start("Admin:TokenFile=" + _tokens);
        await service.NextCycleAfterLeap(TimeSpan.FromHours(9));
        foreach (string path in (string[])["/page/state", "/page/world", "/page/edge/own-par", "/page/diff", "/page/pulse"])
        {
            (HttpStatusCode status, string open) = await Get(service, path, null);
            Assert.Equal(HttpStatusCode.OK, status);
            foreach (string name in NamesIn(JsonDocument.Parse(open).RootElement)) Assert.DoesNotContain(Secret, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
        }
        Assert.Contains("microUsdPerHour", (await Get(service, "/page/state", Token)).Body, StringComparison.Ordinal);
        Assert.Contains("\"door\"", (await Get(service, "/page/edge/own-par", Token)).Body, StringComparison.Ordinal);
        Assert.Contains("billMicroUsd", (await Get(service, "/page/state", Token)).Body, StringComparison.Ordinal);
        Assert.Contains("microUsdPerHourBefore", (await Get(service, "/page/diff", Token)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(service, "/page/decision?address=192.0.2.7", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get(service, "/page/decision?address=192.0.2.7", Token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(service, "/page/state", "somebody-else-entirely")).Status);

        Assert.Contains("Costs are withheld", (await Get(service, "/plain", null)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("USD", (await Get(service, "/plain", null)).Body, StringComparison.Ordinal);
        Assert.Contains("Cost, USD an hour", (await Get(service, "/plain", Token)).Body, StringComparison.Ordinal);
    }

    /// <summary>A state of one is never sent to the other, also by streams.</summary>
    [Fact]
    public async Task Events_WithARole_TellWhoLooksAndWhatItMaySee()
    {
        await File.WriteAllTextAsync(_tokens, $"ana viewer {Token}\n");
        await using TestService service = await Start("Admin:TokenFile=" + _tokens, "Page:OpenHere=off");
        using PageReader open = await PageReader.OpenAsync(_http, service), all = await PageReader.OpenAsync(_http, service, token: Token);
        PageEvent stranger = await open.NextAsync("hello"), ana = await all.NextAsync("hello");
        Assert.Equal(("", false), (stranger.Json.GetProperty("name").GetString(), stranger.Json.GetProperty("all").GetBoolean()));
        Assert.Equal(("ana", true), (ana.Json.GetProperty("name").GetString(), ana.Json.GetProperty("all").GetBoolean()));
        Assert.False((await open.NextAsync("state")).Json.GetProperty("figures")[0].TryGetProperty("microUsdPerHour", out _));
        Assert.True((await all.NextAsync("state")).Json.GetProperty("figures")[0].TryGetProperty("microUsdPerHour", out _));
    }

    /// <summary>As on a replica that took its table from others: the facts stand in for the solve, and what only a solve knows is absent.</summary>
    [Fact]
    public async Task State_TableWithoutItsSolve_StandsOnTheFacts()
    {
        await using TestService service = await Start("Solve:UtcHour=20");
        ServingState state = service.Holder.Current!;
        JsonElement solved = Json(await Get(service, "/page/state", null, "localhost"));
        service.Holder.Swap(state with { Plan = null });
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement bare = Json(await Get(service, "/page/state", null, "localhost"));
        Assert.False(bare.TryGetProperty("figures", out _));
        Assert.False(bare.TryGetProperty("plan", out _));
        Assert.False(bare.GetProperty("edges").TryGetProperty("door", out _));
        foreach (string figure in (string[])["load", "capacity"]) Assert.Equal(Longs(solved, "edges", figure), Longs(bare, "edges", figure));
        foreach (string figure in (string[])["demand", "unserved"]) Assert.Equal(Longs(solved, "regions", figure), Longs(bare, "regions", figure));
    }

    /// <summary>As on a replica that never read the facts.</summary>
    [Fact]
    public async Task Places_WithoutFacts_HaveNoPlaceButTheirNames()
    {
        await using TestService service = await Start();
        ServingState bare = service.Holder.Current! with { Plan = null };
        JsonElement places = JsonDocument.Parse(PlacesJson.Of(bare.Table.Content, null)).RootElement;
        Assert.False(places.GetProperty("located").GetBoolean());
        Assert.All(places.GetProperty("edges").EnumerateArray(), static e => Assert.True(e.GetProperty("city").GetString()!.Length > 0 && !e.TryGetProperty("lat", out _)));
        TrafficView view = TrafficView.Of(bare.Table, default, DemandReading.DemandOf(bare, null), DemandReading.CapacityOf(bare, null, service.Holder));
        Assert.False(view.IsKnown);
        Assert.All(view.EdgeCapacity, static c => Assert.Equal(-1, c));
    }

    /// <summary>Whoever has just started remembers no table: the one before is found in the store.</summary>
    [Fact]
    public async Task PreviousTable_NothingRemembered_IsReadFromTheStore()
    {
        await using TestService service = await Start();
        RoutingTable first = service.Holder.Current!.Table;
        using PreviousTable none = new(service.Holder, service.Part<StateDoor>(), service.Part<PageDesk>());
        Assert.Null(await none.FindAsync(first, CancellationToken.None));
        await service.NextCycleAfterLeap(TimeSpan.FromHours(9));
        RoutingTable second = service.Holder.Current!.Table;
        Assert.Same(first, await none.FindAsync(second, CancellationToken.None));
        using PreviousTable fresh = new(service.Holder, service.Part<StateDoor>(), service.Part<PageDesk>());
        RoutingTable? read = await fresh.FindAsync(second, CancellationToken.None);
        Assert.Equal((first.Version, first.ContentHash), (read!.Version, read.ContentHash));
    }

    private static IEnumerable<string> NamesIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static p => NamesIn(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(NamesIn),
        _ => [],
    };

    private Task<TestService> Start(params string[] settings) => TestService.StartAsync(_world.Directory, _state.Path, null, [.. TestService.PlansAlone, .. settings]);

    private async Task<(HttpStatusCode Status, string Body)> Get(TestService service, string path, string? token, string host = "dispatch.example.net")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(service.HttpUrl + path));
        request.Headers.Host = host;
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static JsonElement Json((HttpStatusCode Status, string Body) answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    private static long[] Longs(JsonElement element, string part, string name) => [.. element.GetProperty(part).GetProperty(name).EnumerateArray().Select(static n => n.GetInt64())];
}
