using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch restore</c>: gives nodes back to answers.</summary>
internal sealed class RestoreCommand : ChangeCommand
{
    private readonly Argument<string[]> _targets = new("TARGETS")
    {
        Description = "An edge's id, or edge:ID, relay:ID, origin:ID, domain:ID or operator:ID, as it was drained",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<bool> _own = new("--own-only") { Description = "Take back only what this credential said, not what others did" };

    public RestoreCommand(Terminal terminal)
        : base(terminal, "restore", "Takes back what was said of nodes, so that they serve again")
    {
        Add(_targets);
        Add(_own);
        AddReason();
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch restore own-fra-1", "dispatch restore domain:FR:Paris --own-only"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (Targets(parsed.GetValue(_targets)!) is not { } targets) return Task.FromResult(ExitCode.BadInput);
        RestoreRequest request = new() { OwnOnly = parsed.GetValue(_own), Reason = Reason(parsed), OnBehalfOf = OnBehalfOf(parsed) };
        request.Targets.Add(targets);
        return Call.RunAsync(parsed, (invoker, options) => new Admin.AdminClient(invoker).RestoreAsync(request, options),
            reply => AdminReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
    }
}
