using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch publish</c>: solves and publishes now.</summary>
internal sealed class PublishCommand : ChangeCommand
{
    private readonly Option<bool> _force = new("--force") { Description = "Publish although the guard refuses; needs --reason. invariants and rtt_invalid are never passed over" };
    private readonly Option<string[]> _rules = new("--rule") { Description = "With --force: a rule that may be passed over; all where none is given", HelpName = "RULE", DefaultValueFactory = static _ => [] };

    public PublishCommand(Terminal terminal)
        : base(terminal, "publish", "Solves now and publishes what comes of it; returns when it is in force")
    {
        Add(_force);
        Add(_rules);
        AddReason();
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch publish", "dispatch publish --force --rule demand_fall --reason \"holiday, checked by hand\""];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        PublishRequest request = new() { Force = parsed.GetValue(_force), Reason = Reason(parsed), OnBehalfOf = OnBehalfOf(parsed) };
        request.Rules.Add(parsed.GetValue(_rules));
        return Call.RunAsync(parsed, (invoker, options) => new Admin.AdminClient(invoker).PublishAsync(request, options),
            reply => TablesReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
    }
}
