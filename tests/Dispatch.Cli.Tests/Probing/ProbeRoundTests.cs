using System.Collections.Immutable;
using System.Net;
using TrafficDispatch.Cli.Probing;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Tests;

namespace TrafficDispatch.Cli.Tests.Probing;

public sealed class ProbeRoundTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(20);
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 3, 4, 10, 30, 0, TimeSpan.Zero));

    [Fact]
    public async Task Run_ManyTargets_TriesNoMoreThanAllowedAtOnce()
    {
        FakeProbe probe = new();
        Task<ImmutableArray<bool>> round = Run(probe, new(Second, TimeSpan.Zero, 3), Targets(10));
        for (int done = 0; done < 10; done++)
        {
            await probe.Began(Math.Min(10, done + 3)).WaitAsync(Patience);
            Assert.InRange(probe.Running, 1, 3);
            probe.Answer(well: done != 4);
        }
        Assert.Equal(9, (await round.WaitAsync(Patience)).Count(static w => w));
        Assert.Equal(3, probe.Most);
    }

    [Fact]
    public async Task Run_AddressNeverAnswers_FailsWhenItsTimeIsOver()
    {
        FakeProbe probe = new() { Well = static address => address.Host == "b" ? true : null };
        ImmutableArray<ProbeTarget> targets = [new(new(HealthScope.Edge, "x"), [new("a", 1)]), new(new(HealthScope.Edge, "y"), [new("b", 1)])];
        Task<ImmutableArray<bool>> round = Run(probe, new(Second, TimeSpan.Zero, 9), targets);
        Assert.Equal((2, 1, false), (probe.Count, probe.Running, round.IsCompleted));
        _clock.Advance(Second);
        Assert.Equal([false, true], (await round.WaitAsync(Patience)).AsEnumerable());
    }

    [Fact]
    public async Task Run_Spread_BeginsWithinIt()
    {
        FakeProbe probe = new();
        Task<ImmutableArray<bool>> round = Run(probe, new(Second, 4 * Second, 100), Targets(40));
        Assert.Equal(0, probe.Count);
        _clock.Advance(2 * Second);
        await probe.Began(1).WaitAsync(Patience);
        _clock.Advance(2 * Second);
        // Those of the first half may have run into their timeout; all have begun.
        await probe.Began(40).WaitAsync(Patience);
        Assert.NotInRange(probe.AtFirstLook, 0, 0);
        _clock.Advance(Second);
        await round.WaitAsync(Patience);
    }

    [Fact]
    public async Task Run_SeveralAddresses_OneThatAnswersIsEnough()
    {
        FakeProbe probe = new() { Well = static address => address.Host == "b" };
        ImmutableArray<ProbeTarget> targets =
        [
            new(new(HealthScope.Edge, "x"), [new("a", 1), new("b", 1), new("c", 1)]),
            new(new(HealthScope.Relay, "y"), [new("a", 1), new("c", 1)]),
        ];
        Assert.Equal([true, false], (await Run(probe, new(Second, TimeSpan.Zero, 1), targets).WaitAsync(Patience)).AsEnumerable());
        Assert.Equal(4, probe.Count);
    }

    private static ImmutableArray<ProbeTarget> Targets(int count) => [.. Enumerable.Range(0, count).Select(static i => new ProbeTarget(new(HealthScope.Edge, $"e{(char)('A' + i)}"), [new("h", 1)]))];

    private Task<ImmutableArray<bool>> Run(FakeProbe probe, ProbeRules rules, ImmutableArray<ProbeTarget> targets) =>
        ProbeRound.RunAsync(targets, probe, rules, new Random(1), _clock, default);

    /// <summary>Answers at once by address, or else when the test says so.</summary>
    private sealed class FakeProbe : IProbe
    {
        private readonly Lock _gate = new();
        private readonly Queue<TaskCompletionSource<bool>> _waiting = [];
        private readonly List<(int Count, TaskCompletionSource Reached)> _watched = [];

        public Func<DnsEndPoint, bool?>? Well { get; init; }

        public int Count { get; private set; }

        public int Running { get; private set; }

        public int Most { get; private set; }

        public int AtFirstLook { get; private set; }

        public async Task<bool> TryAsync(DnsEndPoint address, CancellationToken cancellation)
        {
            TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                (Count, Running) = (Count + 1, Running + 1);
                Most = Math.Max(Most, Running);
                if (Well?.Invoke(address) is { } well) answer.SetResult(well);
                else _waiting.Enqueue(answer);
                foreach ((int count, TaskCompletionSource reached) in _watched)
                    if (Count >= count) reached.TrySetResult();
            }
            try
            {
                return await answer.Task.WaitAsync(cancellation);
            }
            finally
            {
                lock (_gate) Running--;
            }
        }

        public Task Began(int count)
        {
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                if (AtFirstLook == 0) AtFirstLook = Count;
                _watched.Add((count, reached));
                if (Count >= count) reached.SetResult();
            }
            return reached.Task;
        }

        public void Answer(bool well)
        {
            TaskCompletionSource<bool> next;
            lock (_gate) next = _waiting.Dequeue();
            next.SetResult(well);
        }
    }
}
