using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch locate</c>: which region each address of a list belongs to.</summary>
internal sealed class LocateCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<string> _ips = AddressList.Option();
    private readonly LocationSource _source = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print a line of JSON an address instead of three columns" };

    public LocateCommand(Terminal terminal)
        : base(terminal, "locate", "Finds the region of each address of a list by longest prefix match")
    {
        Add(_world);
        Add(_ips);
        Add(_source.Places);
        Add(_source.Networks);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch locate --world data/world --ips addresses.txt --json",
        "echo 8.8.8.8 | dispatch locate --world data/world --ips -",
        "dispatch locate --world my-world --ips addresses.txt --city-mmdb city.mmdb --asn-mmdb asn.mmdb --json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        LocationIndex? index = WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.Prefixes) is { } world
            ? _source.Read(Terminal, parsed, world)
            : null;
        progress.Report("reading the addresses");
        List<ListedAddress>? addresses = AddressList.Read(Terminal, parsed.GetRequiredValue(_ips), cancellation);
        progress.Dispose();
        if (index is null || addresses is null) return Task.FromResult(ExitCode.BadInput);
        LocateLines lines = new(Terminal.Output, index, parsed.GetValue(_json));
        for (int i = 0; i < addresses.Count; i++)
        {
            if ((i & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            lines.Write(addresses[i]);
        }
        return Task.FromResult(ExitCode.Done);
    }
}
