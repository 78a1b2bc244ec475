using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Tests.Replicas;

namespace TrafficDispatch.Service.Tests.Planning;

/// <summary>Who may ask, and whom.</summary>
public sealed class PlannerAccessTests : IDisposable
{
    private const string Method = "dispatch.v1.Planner/WhatIf", Viewer = "viewer-0123456789abcdef", Reporter = "reporter-0123456789abcdef";

    private readonly string _roles = Path.GetTempFileName();
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public PlannerAccessTests() => File.WriteAllText(_roles, $"ana viewer {Viewer}\nfra reporter {Reporter}\n");

    public void Dispose()
    {
        File.Delete(_roles);
        _state.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1", null, StatusCode.OK)]
    [InlineData("::1", Reporter, StatusCode.OK)]
    [InlineData("198.51.100.7", null, StatusCode.Unauthenticated)]
    [InlineData("198.51.100.7", "guess-0123456789abcdef", StatusCode.Unauthenticated)]
    [InlineData("198.51.100.7", Reporter, StatusCode.PermissionDenied)]
    [InlineData("198.51.100.7", Viewer, StatusCode.OK)]
    public void Judge_FromThereAndHere_AsksOthersForARole(string from, string? token, StatusCode expected)
    {
        CredentialBook book = new(null, WatchedFile<TokenBook>.Open(_roles, static (byte[] text, out System.Collections.Immutable.ImmutableArray<string> faults) =>
            TokenBook.Parse(System.Text.Encoding.UTF8.GetString(text), TokenLines.WithRoles, out faults), TokenBook.Empty, out _), null);
        ManualClock clock = TestService.Morning();
        AccessGate gate = new(book, new FailureLimit(clock), new AccessTally(), clock, NullLogger<AccessGate>.Instance);
        DefaultHttpContext http = new();
        http.Connection.RemoteIpAddress = IPAddress.Parse(from);
        if (token is not null) http.Request.Headers.Authorization = "Bearer " + token;
        Assert.Equal(expected, gate.Judge(Method, http, out _).StatusCode);
    }

    /// <summary>A table from disk answers clients; there is nothing to plan on until something is solved.</summary>
    [Fact]
    public async Task WhatIf_NothingSolvedHere_IsRefused()
    {
        await using (TestService first = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:Failures=off")) Assert.NotNull(first.Holder.Current);
        using TestWorld broken = TestWorld.Small().With("regions.csv", "nonsense").Save();
        await using TestService service = await TestService.StartAsync(broken.Directory, _state.Path, null, "Solve:Failures=off");
        Assert.NotNull(service.Holder.Current);
        using WhatIfReader reader = service.Ask("{}");
        (RpcException error, _) = await reader.Failure();
        Assert.Equal((StatusCode.FailedPrecondition, "Nothing has been solved here yet: ask again after the first cycle."), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task WhatIf_AskedOfWhoServesOnly_NamesWhoSolves()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess leader = await group.AddAsync("all"), follower = await group.AddAsync("serve");
        await leader.Until(static s => s.State == "ready", "the leader is ready");
        await follower.Until(static s => s.State == "ready" && s.Replica.Leader.Length > 0, "the follower is ready");
        string name = (await leader.StatusAsync()).Replica.Name;
        using WhatIfReader refused = new(follower.Url, new WhatIfRequest());
        (RpcException error, _) = await refused.Failure();
        Assert.Equal((StatusCode.FailedPrecondition, $"This process does not solve (Role=serve): ask the one that does. {name} leads now."), (error.StatusCode, error.Status.Detail));
        using WhatIfReader answered = new(leader.Url, new WhatIfRequest());
        await answered.All();
    }
}
