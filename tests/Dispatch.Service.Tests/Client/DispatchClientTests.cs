using TrafficDispatch.Client;
using TrafficDispatch.Core.Tests.Table;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Watch;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Client;

public sealed class DispatchClientTests : IAsyncLifetime, IDisposable
{
    private static readonly ClientAddress Paris = ClientAddress.Parse("192.0.2.7");

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private TestService? _service;

    private TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public async Task InitializeAsync() => _service = await StartAsync(_state);

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task ResolveAsync_ManyQuestions_AnswersAsTheServiceWithoutAsking()
    {
        await using DispatchClient client = DispatchClient.Start(ClientWaits.Following(Service));
        await client.WaitForTableAsync();
        foreach (ClientQuestion question in Questions())
        {
            ValueTask<ClientAnswer> answer = client.ResolveAsync(question);
            Assert.True(answer.IsCompletedSuccessfully);
            ClientAnswer local = await answer;
            Assert.Equal((AnswerSource.Table, TableState.Fresh), (local.Source, local.State));
            AssertSame(await Asked(question), local);
        }
    }

    [Fact]
    public async Task Table_SwapAndDrain_FollowAtOnce()
    {
        await using DispatchClient client = DispatchClient.Start(ClientWaits.Following(Service));
        DispatchTable first = await client.WaitForTableAsync();
        TableVersion next = Service.Swap(Service.Content().Turned("FR-01"));
        await client.Reaches(t => t.Version == next);
        AssertSame(await Asked(OfParis()), await client.ResolveAsync(OfParis()));
        // Prefixes are the same object still: nothing was sent or built anew.
        Assert.Same(first.Routing.Content.Prefixes, client.Table!.Routing.Content.Prefixes);

        ClientAnswer before = await client.ResolveAsync(OfParis());
        Service.Holder.Say("test", [new(HealthScope.Edge, before.Edges[0].Id, HealthState.Drained, 0)]);
        await client.Reaches(t => t.OverlayVersion == Service.Holder.Current!.OverlayVersion);
        ClientAnswer after = await client.ResolveAsync(OfParis());
        Assert.NotEqual(before.Edges[0].Id, after.Edges[0].Id);
        AssertSame(await Asked(OfParis()), after);
    }

    [Fact]
    public async Task ResolveAsync_OutsideOfItsPart_AsksTheService()
    {
        DispatchClientOptions options = ClientWaits.Following(Service);
        options.Selection = new(["FR-01"], ["live"], Prefixes: true);
        await using DispatchClient client = DispatchClient.Start(options);
        await client.WaitForTableAsync();
        Assert.Equal(AnswerSource.Table, (await client.ResolveAsync(OfParis())).Source);
        Assert.Equal(-1, client.Table!.RegionOrdinal("*"));
        foreach (ClientQuestion question in (ClientQuestion[])[
            ClientQuestion.OfAddress(ClientAddress.Parse("2001:db8::1")) with { Service = "live" }, ClientQuestion.OfRegion("CN-01") with { Service = "live" },
            ClientQuestion.OfAddress(Paris) with { Service = "bulk" }, ClientQuestion.OfAddress(Paris)])
        {
            ClientAnswer answer = await client.ResolveAsync(question);
            Assert.Equal(AnswerSource.Service, answer.Source);
            AssertSame(await Asked(question), answer);
        }
        ClientAnswer none = await client.ResolveAsync(ClientQuestion.OfRegion("XX-99"));
        Assert.Equal(AnswerSource.None, none.Source);
        Assert.Contains("region_id is 'XX-99'", none.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_GoneOneAfterTheOther_TableGoesOn()
    {
        using StateDirectory otherState = new();
        TestService other = await StartAsync(otherState);
        Troubles troubles = new();
        DispatchClientOptions options = ClientWaits.Following(Service, other);
        options.OnTrouble = troubles.Hear;
        await using DispatchClient client = DispatchClient.Start(options);
        await client.WaitForTableAsync();
        // The other is the newer: whoever comes to it sees that.
        other.Swap(other.Content().Turned("FR-01"));
        TableVersion newest = other.Swap(other.Content().Turned("US-01"));
        await Service.DisposeAsync();
        _service = null;
        await client.Reaches(t => t.Version == newest);
        Assert.Equal(TableState.Fresh, client.State);

        await other.DisposeAsync();
        await troubles.Heard(options.Addresses[1].ToString());
        ClientAnswer answer = await client.ResolveAsync(OfParis());
        Assert.Equal((AnswerSource.Table, TableState.Stale, newest), (answer.Source, answer.State, answer.Version));
        Assert.NotNull(answer.Age);
        ClientAnswer nobody = await client.ResolveAsync(ClientQuestion.OfRegion("XX-99"));
        Assert.Equal((AnswerSource.None, TableState.Stale), (nobody.Source, nobody.State));
        Assert.Contains("Unavailable", nobody.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_WithOlderTables_IsPassedByUntilAllAreOlder()
    {
        using StateDirectory otherState = new();
        await using TestService other = await StartAsync(otherState);
        TableVersion ahead = Service.Swap(Service.Content().Turned("FR-01"), epochs: 3);
        Troubles troubles = new();
        DispatchClientOptions options = ClientWaits.Following(Service, other);
        options.OnTrouble = troubles.Hear;
        await using DispatchClient client = DispatchClient.Start(options);
        await client.Reaches(t => t.Version == ahead);
        await Service.DisposeAsync();
        _service = null;
        await troubles.Heard("older than");
        // Nobody else is left: in the end what that service says counts.
        await client.Reaches(t => t.Version < ahead);
    }

    [Fact]
    public async Task Service_Silent_IsGivenUpAndTheTableGoesStale()
    {
        ManualClock clock = TestService.Morning();
        Troubles troubles = new();
        DispatchClientOptions options = ClientWaits.Following(Service);
        (options.Time, options.OnTrouble, options.RefuseAfter) = (clock, troubles.Hear, TimeSpan.FromSeconds(30));
        await using DispatchClient client = DispatchClient.Start(options);
        await client.WaitForTableAsync();
        // The service's clock stands still, so it says nothing.
        clock.Advance(TimeSpan.FromSeconds(16));
        await troubles.Heard("nothing was heard of it for too long");
        ClientAnswer answer = await client.ResolveAsync(OfParis());
        Assert.Equal((AnswerSource.Table, TableState.Stale, TimeSpan.FromSeconds(16)), (answer.Source, answer.State, answer.Age!.Value));
        await Service.DisposeAsync();
        _service = null;
        clock.Advance(TimeSpan.FromSeconds(31));
        ClientAnswer refused = await client.ResolveAsync(OfParis());
        Assert.Equal(AnswerSource.None, refused.Source);
    }

    [Fact]
    public async Task TablePath_AfterARestartWithoutServices_AnswersFromTheLastGoodTable()
    {
        string path = Path.Combine(_state.Path, "client.table");
        DispatchClientOptions options = ClientWaits.Following(Service);
        options.TablePath = path;
        ClientAnswer before;
        await using (DispatchClient client = DispatchClient.Start(options))
        {
            await client.WaitForTableAsync();
            Service.Holder.Say("test", [new(HealthScope.Edge, "own-par", HealthState.Down, 0)]);
            await client.Reaches(t => t.OverlayVersion == Service.Holder.Current!.OverlayVersion);
            before = await client.ResolveAsync(OfParis());
        }
        await Service.DisposeAsync();
        _service = null;
        await using (DispatchClient again = DispatchClient.Start(options))
        {
            Assert.True(again.Table!.IsFromFile);
            ClientAnswer after = await again.ResolveAsync(OfParis());
            Assert.Equal((AnswerSource.Table, TableState.Stale, (TimeSpan?)null), (after.Source, after.State, after.Age));
            Assert.Equal((before.Version, before.OverlayVersion, before.Why), (after.Version, after.OverlayVersion, after.Why));
            Assert.Equal(before.Edges.Select(static e => e.Id), after.Edges.Select(static e => e.Id));
        }
        options.Selection = new(["FR-01"], [], Prefixes: true);
        Troubles troubles = new();
        options.OnTrouble = troubles.Hear;
        await using DispatchClient other = DispatchClient.Start(options);
        Assert.Equal((null, TableState.Empty), (other.Table, other.State));
        await troubles.Heard("another part of the table");
    }

    [Fact]
    public async Task TablePath_EveryByteAltered_IsRefused()
    {
        DispatchTable table;
        await using (DispatchClient client = DispatchClient.Start(ClientWaits.Following(Service))) table = await client.WaitForTableAsync();
        byte[] bytes = TableFile.Write(table, TableSelection.Everything);
        Assert.True(TableFile.TryRead(bytes, TableSelection.Everything, out DispatchTable? read, out _));
        Assert.Equal(table.Routing.ContentHash, read.Routing.ContentHash);
        for (int i = 0; i < bytes.Length; i += 1 + bytes.Length / 500)
        {
            bytes[i] ^= 0x40;
            Assert.False(TableFile.TryRead(bytes, TableSelection.Everything, out _, out string fault));
            Assert.NotEmpty(fault);
            bytes[i] ^= 0x40;
            Assert.False(TableFile.TryRead(bytes.AsSpan(0, i), TableSelection.Everything, out _, out _));
        }
    }

    [Fact]
    public async Task TryDecide_Warm_AllocatesNothing()
    {
        await using DispatchClient client = DispatchClient.Start(ClientWaits.Following(Service));
        DispatchTable table = await client.WaitForTableAsync();
        byte[] key = [1, 2, 3];
        Allocations.AssertNone(rounds =>
        {
            int answered = 0;
            Span<EdgeShare> ranked = stackalloc EdgeShare[3];
            for (int i = 0; i < rounds; i++)
                if (client.Table!.TryDecide(DecisionRequest.ForAddress(0, Paris) with { SessionKey = key }, ranked, out Decision decision)) answered += decision.Count;
            return answered;
        }, 50_000);
        Assert.Same(table, client.Table);
    }

    [Fact]
    public void Start_OptionsOutOfRange_NamesThemAll()
    {
        DispatchClientOptions options = new() { ResolveTimeout = TimeSpan.Zero, MostBackoff = TimeSpan.Zero, RefuseAfter = TimeSpan.FromSeconds(-1) };
        string message = Assert.Throws<ArgumentException>(() => DispatchClient.Start(options)).Message;
        Assert.All(["Addresses", "ResolveTimeout", "MostBackoff", "RefuseAfter"], name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    private static ClientQuestion OfParis() => ClientQuestion.OfAddress(Paris) with { Service = "live" };

    private static IEnumerable<ClientQuestion> Questions()
    {
        Random dice = new(20261122);
        string[] regions = ["FR-01", "US-01", "CN-01"], services = ["", "live", "bulk", "tv.example.net", "GET.example.net."], edges = ["own-par", "own-bos", "own-pek", "cdn-par"];
        string[] places = ["192.0.2.7", "192.0.2.200", "203.0.113.9", "2001:db8::1", "2001:db8:1::1", "2001:db9::1"];
        for (int i = 0; i < 200; i++)
        {
            ClientAddress address = ClientAddress.Parse(places[dice.Next(places.Length)]);
            ClientQuestion question = dice.Next(3) switch
            {
                0 => ClientQuestion.OfRegion(regions[dice.Next(3)]),
                1 => ClientQuestion.OfSubnet(IpPrefix.Around(address, dice.Next(0, address.Width + 1))),
                _ => ClientQuestion.OfAddress(address),
            };
            yield return question with
            {
                Service = services[dice.Next(services.Length)],
                SessionKey = dice.Next(2) == 0 ? "" : $"user-{i}",
                Count = dice.Next(1, 17),
                Exclude = [.. edges.Where(_ => dice.Next(4) == 0)],
            };
        }
    }

    private async Task<ResolveReply> Asked(ClientQuestion question)
    {
        ResolveRequest request = new() { Service = question.Service, SessionKey = question.SessionKey, Count = (uint)question.Count, Exclude = { question.Exclude } };
        if (question.Form == ClientForm.Region) request.RegionId = question.RegionId;
        else request.ClientSubnet = question.Subnet.ToString();
        if (question.Form == ClientForm.Address) request.ClientIp = question.Subnet.Address.ToString();
        return await Service.Resolve(request);
    }

    private static void AssertSame(ResolveReply right, ClientAnswer answer)
    {
        Assert.Equal(((long)right.TableEpoch, (long)right.TableVersion, right.OverlayVersion), (answer.Version.Epoch, answer.Version.Number, answer.OverlayVersion));
        Assert.Equal((right.Reason, (int)right.ReasonCode, right.RegionId, right.Network), (answer.Why, (int)answer.Reason, answer.RegionId, answer.Network));
        Assert.Equal(((int)right.Ttl, (int)right.ScopePrefixLen, right.Service, right.FallbackHost), (answer.TtlSeconds, answer.ScopeLength, answer.Service, answer.FallbackHost));
        Assert.Equal(right.Edges.Select(static e => (e.Id, (int)e.Weight)), answer.Edges.Select(static e => (e.Id, e.Weight)));
        Assert.Equal(right.Edges.SelectMany(static e => e.Endpoints).Select(static e => (e.Type.ToString(), e.Value)), answer.Edges.SelectMany(static e => e.Endpoints).Select(static e => (e.Type.ToString(), e.Value)));
    }

    private Task<TestService> StartAsync(StateDirectory state) => TestService.StartAsync(_world.Directory, state.Path, null, TestService.PlansAlone);
}
