using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Tests;

/// <summary>The whole service in this process, on ports of the system's choice, with a clock and a state folder of its own.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ServiceApplication _service;
    private readonly PublishLoop _loop;
    private GrpcChannel? _channel;
    private Task? _ending;

    private TestService(ServiceApplication service, ManualClock clock, LogLines log)
    {
        (_service, Clock, Log) = (service, clock, log);
        _loop = service.Parts.GetRequiredService<PublishLoop>();
    }

    public ManualClock Clock { get; }

    public LogLines Log { get; }

    public TableHolder Holder => _service.Parts.GetRequiredService<TableHolder>();

    public T Part<T>()
        where T : notnull => _service.Parts.GetRequiredService<T>();

    public string GrpcUrl => _service.Endpoints.GrpcUrl;

    public string HttpUrl => _service.Endpoints.HttpUrl;

    public string AdminUrl => _service.Endpoints.AdminUrl;

    public GrpcChannel Channel => _channel ??= GrpcChannel.ForAddress(GrpcUrl);

    public Routing.RoutingClient Routing => new(Channel);

    public Relay.RelayClient Relay => new(Channel);

    /// <summary>Settings under which a cycle publishes its optimum at once and nothing after it: for tests that count tables.</summary>
    public static readonly string[] PlansAlone = ["Solve:Failures=off", "Solve:PacePercent=100", "Solve:DeadBandPercent=0", "Solve:OnloadPercent=off"];

    /// <summary>Noon in the middle of nowhere special: 10:30 UTC.</summary>
    public static ManualClock Morning() => new(new DateTimeOffset(2026, 3, 4, 10, 30, 0, TimeSpan.Zero));

    /// <summary>Starts and waits for the first cycle to end.</summary>
    public static async Task<TestService> StartAsync(string world, string state, ManualClock? clock = null, params string[] settings)
    {
        TestService service = Create(world, state, clock, settings);
        Task first = service.CyclesReach(1);
        await service.StartAsync();
        await first;
        return service;
    }

    /// <summary>Makes the service and prepares it; it does not listen or solve yet.</summary>
    public static TestService Create(string world, string state, ManualClock? clock = null, params string[] settings)
    {
        LogLines log = new();
        StringWriter errors = new();
        clock ??= Morning();
        ServiceApplication? service = ServiceApplication.Create(Arguments(world, state, settings), clock, errors,
            parts => parts.AddLogging(logging => logging.ClearProviders().AddProvider(log)));
        Assert.True(service is not null, errors.ToString());
        Assert.True(service.TryPrepare(errors), errors + string.Join('\n', log.All));
        return new(service, clock, log);
    }

    /// <summary>The settings as a command line. Calls may wait for a processor as long as they must: what is shed on a busy machine is for the tests of overload, which say when.</summary>
    public static string[] Arguments(string world, string state, params string[] settings) =>
    [
        "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Admin:Url=http://127.0.0.1:0",
        $"--World:Path={world}", $"--State:Path={state}", "--Shutdown:Timeout=00:00:01", "--Overload:QueueMs=60000", .. settings.Select(static s => "--" + s),
    ];

    public Task StartAsync() => _service.StartAsync();

    /// <summary>Ends when that many cycles have run.</summary>
    public Task CyclesReach(long cycles)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.CycleEnded += (_, _) => Look();
        Look();
        return reached.Task.WaitAsync(Patience);

        void Look()
        {
            if (_loop.Cycles >= cycles) reached.TrySetResult();
        }
    }

    /// <summary>Moves the clock and waits for the cycle that this brings about.</summary>
    public async Task NextCycle(TimeSpan after)
    {
        Task ended = CyclesReach(_loop.Cycles + 1);
        Clock.Advance(after);
        await ended;
    }

    /// <summary>The same over more than an interval: the cycle begins at the end of it, not at whatever time the clock had come to on its way.</summary>
    public async Task NextCycleAfterLeap(TimeSpan by)
    {
        Task ended = CyclesReach(_loop.Cycles + 1);
        Clock.Leap(by);
        await ended;
    }

    /// <summary>Asks the status service.</summary>
    public async Task<StatusReply> Status() => await new Protocol.V1.Status.StatusClient(Channel).GetAsync(new StatusRequest());

    /// <summary>Resolves; errors throw.</summary>
    public async Task<ResolveReply> Resolve(ResolveRequest request) => await Routing.ResolveAsync(request);

    /// <summary>The status that a request is refused with.</summary>
    public async Task<Grpc.Core.Status> Refusal(ResolveRequest request) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await Routing.ResolveAsync(request))).Status;

    /// <summary>Ends the service as a signal does; ending it again is nothing more.</summary>
    public Task StopAsync() => _ending ??= _service.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await StopAsync();
        await _service.DisposeAsync();
    }
}
