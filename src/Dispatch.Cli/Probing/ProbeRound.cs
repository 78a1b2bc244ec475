using System.Collections.Immutable;
using System.Net;

namespace TrafficDispatch.Cli.Probing;

/// <summary>How a round of probes is run. Immutable.</summary>
/// <param name="Timeout">After this an address has not answered; above 0.</param>
/// <param name="Spread">Probes begin at random within this time, so that vantages started together do not knock together; at least 0.</param>
/// <param name="Parallel">Most addresses tried at once, at least 1.</param>
internal sealed record ProbeRules(TimeSpan Timeout, TimeSpan Spread, int Parallel);

/// <summary>Tries every target once.</summary>
internal static class ProbeRound
{
    /// <summary>Runs a round.</summary>
    /// <param name="targets">Whom to try.</param>
    /// <param name="probe">How to try an address.</param>
    /// <param name="rules">How fast, and how many at once.</param>
    /// <param name="random">Where the spread comes from; drawn from before anything is tried.</param>
    /// <param name="time">The clock of waits and timeouts.</param>
    /// <param name="cancellation">Ends the round; nothing is said of it.</param>
    /// <returns>Whether each target is well, in their order.</returns>
    public static async Task<ImmutableArray<bool>> RunAsync(
        ImmutableArray<ProbeTarget> targets, IProbe probe, ProbeRules rules, Random random, TimeProvider time, CancellationToken cancellation)
    {
        using SemaphoreSlim room = new(rules.Parallel);
        TimeSpan[] waits = [.. targets.Select(_ => rules.Spread * random.NextDouble())];
        return [.. await Task.WhenAll(targets.Select((target, i) => TryAsync(target, waits[i])))];

        async Task<bool> TryAsync(ProbeTarget target, TimeSpan wait)
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
            foreach (DnsEndPoint address in target.Addresses)
                if (await TryOneAsync(address)) return true;
            return false;
        }

        async Task<bool> TryOneAsync(DnsEndPoint address)
        {
            await room.WaitAsync(cancellation);
            // The time runs from the try's own beginning: a queue behind slow targets must not make others fail.
            using CancellationTokenSource due = new(rules.Timeout, time), end = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellation);
            try
            {
                return await probe.TryAsync(address, end.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
            finally
            {
                room.Release();
            }
        }
    }
}
