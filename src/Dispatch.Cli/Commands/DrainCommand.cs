using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch drain</c>: takes nodes out of answers.</summary>
internal sealed class DrainCommand : ChangeCommand
{
    private readonly Argument<string[]> _targets = new("TARGETS")
    {
        Description = "An edge's id, or edge:ID, relay:ID, origin:ID, domain:ID or operator:ID",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _as = new("--as")
    {
        Description = "drained (serves nobody, whatever else is down), down (answered with only when nothing else is left), or the part of its capacity that is usable, from 0 to below 1",
        HelpName = "STATE",
        DefaultValueFactory = static _ => "drained",
    };

    public DrainCommand(Terminal terminal)
        : base(terminal, "drain", "Takes edges, relays, origins, fault domains or operators out of answers; returns when answers heed it")
    {
        Add(_targets);
        Add(_as);
        AddTime();
        AddReason();
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch drain own-fra-1 --reason maintenance --for 1h",
        "dispatch drain domain:FR:Paris operator:cdn-a --as down --json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string state = parsed.GetValue(_as)!;
        if (!HealthTarget.TryParseState(state, out HealthState said, out double factor))
        {
            Terminal.WriteFault($"--as is '{state}'; it must be drained, down or a part from 0 to below 1");
            return Task.FromResult(ExitCode.BadInput);
        }
        if (ForSeconds(parsed) is not { } seconds || Targets(parsed.GetValue(_targets)!) is not { } targets) return Task.FromResult(ExitCode.BadInput);
        DrainRequest request = new()
        {
            State = said == HealthState.Up ? "usable" : said.ToString().ToLowerInvariant(),
            UsablePercent = said == HealthState.Up ? 100 * factor : 0,
            Reason = Reason(parsed),
            ForSeconds = seconds,
            OnBehalfOf = OnBehalfOf(parsed),
        };
        request.Targets.Add(targets);
        return Call.RunAsync(parsed, (invoker, options) => new Admin.AdminClient(invoker).DrainAsync(request, options),
            reply => AdminReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
    }
}
