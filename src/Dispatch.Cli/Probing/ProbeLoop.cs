using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Probing;

/// <summary>Probes round after round and reports what it sees, until it is ended. For one run.</summary>
internal sealed class ProbeLoop(Terminal terminal, string vantage, IProbe probe, ProbeRules rules, TimeSpan interval, ProbeReporter reporter, bool json)
{
    private static readonly TimeSpan Reading = TimeSpan.FromMinutes(5);

    private readonly ProbeJournal _journal = new(vantage);
    private bool _isDistrusted, _everTaken;
    private string _refused = "";

    /// <summary>Runs.</summary>
    /// <param name="read">Reads whom to probe; null where that cannot be had now, with the code that means.</param>
    /// <param name="rounds">Rounds to run; 0 for no end.</param>
    /// <param name="cancellation">Ends it in order.</param>
    /// <returns>A code of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(Func<Task<(ImmutableArray<ProbeTarget>? Targets, int Code)>> read, int rounds, CancellationToken cancellation)
    {
        (ImmutableArray<ProbeTarget>? first, int code) = await read();
        if (first is not { } targets) return code;
        if (targets.IsEmpty)
        {
            terminal.WriteFault("there is nothing to probe: no edge or relay has an endpoint; endpoints.csv and --targets name them");
            return ExitCode.BadInput;
        }
        DateTimeOffset readAt = terminal.Clock.GetUtcNow();
        for (int round = 1; rounds == 0 || round <= rounds; round++)
        {
            DateTimeOffset began = terminal.Clock.GetUtcNow();
            if (began - readAt >= Reading)
            {
                // Who was probed goes on being probed while the world cannot be read.
                targets = (await read()).Targets is { IsEmpty: false } renewed ? renewed : targets;
                readAt = began;
            }
            if (await RoundAsync(round, targets, cancellation) is { } end) return end;
            TimeSpan left = began + interval - terminal.Clock.GetUtcNow();
            if (left > TimeSpan.Zero && round != rounds) await Task.Delay(left, terminal.Clock, cancellation);
        }
        return ExitCode.Done;
    }

    private async Task<int?> RoundAsync(int round, ImmutableArray<ProbeTarget> targets, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        ImmutableArray<bool> well = await ProbeRound.RunAsync(targets, probe, rules, Random.Shared, terminal.Clock, cancellation);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        ProbeFindings found = _journal.Take(targets, well, terminal.Clock.GetUtcNow());
        TellDistrust(found, targets.Length);
        (ProbeSummary? summary, RpcException? refusal) = found.IsDistrusted ? (null, null) : await reporter.ReportAsync(found.Reports, cancellation);
        if (json) WriteRound(round, targets.Length, found, summary, took);
        else WriteTurned(found);
        await terminal.Output.FlushAsync(cancellation);
        return refusal is null ? Taken(summary) : Refused(refusal);
    }

    private int? Taken(ProbeSummary? summary)
    {
        if (summary is null) return null;
        if (_refused.Length > 0) terminal.Error.WriteLine("the service takes reports again");
        (_refused, _everTaken) = ("", true);
        return null;
    }

    /// <summary>A service that is away comes back; one that refuses the vantage from the first report on will not change its mind.</summary>
    private int? Refused(RpcException refusal)
    {
        int code = Remote.ServiceCall.ToExitCode(refusal.StatusCode);
        if (_refused != refusal.Status.Detail) terminal.WriteFault($"nothing was reported ({refusal.StatusCode}): {refusal.Status.Detail}");
        _refused = refusal.Status.Detail;
        return !_everTaken && code is ExitCode.NotAllowed or ExitCode.BadInput ? code : null;
    }

    private void TellDistrust(ProbeFindings found, int targets)
    {
        if (found.IsDistrusted && !_isDistrusted)
        {
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"warning: {found.Failed.Length} of {targets} targets fail: vantage '{vantage}' distrusts itself and reports nothing until fewer do; look at this machine and its network"));
        }
        else if (!found.IsDistrusted && _isDistrusted)
        {
            terminal.Error.WriteLine($"vantage '{vantage}' trusts itself again");
        }
        _isDistrusted = found.IsDistrusted;
    }

    private void WriteTurned(ProbeFindings found)
    {
        string now = terminal.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        foreach ((HealthTarget node, bool isWell) in found.Turned) terminal.Output.Write($"{now} {node} {(isWell ? "answers" : "fails")}\n");
    }

    private void WriteRound(int round, int targets, ProbeFindings found, ProbeSummary? summary, TimeSpan took) => JsonLine.WriteObject(terminal.Output, line =>
    {
        line.WriteNumber("round", round);
        line.WriteNumber("targets", targets);
        line.WriteStartArray("failed");
        foreach (HealthTarget node in found.Failed) line.WriteStringValue(node.ToString());
        line.WriteEndArray();
        line.WriteBoolean("distrusted", found.IsDistrusted);
        line.WriteBoolean("reported", summary is not null);
        line.WriteNumber("taken", summary?.Taken ?? 0);
        line.WriteNumber("unknown", summary?.Unknown ?? 0);
        line.WriteNumber("known", summary?.Known ?? 0);
        line.WriteMilliseconds("elapsed_ms", took);
    });
}
