using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Geo;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch mmdb</c>: the record of each address of a list in a MaxMind DB file.</summary>
internal sealed class MmdbCommand : DispatchCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "Database in MaxMind DB format 2.0" };
    private readonly Option<string> _ips = AddressList.Option();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, which this command always does" };

    public MmdbCommand(Terminal terminal)
        : base(terminal, "mmdb", "Prints what a MaxMind DB file says of each address of a list: a line of JSON each, null where it says nothing")
    {
        Add(_file);
        Add(_ips);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch mmdb city.mmdb --ips addresses.txt",
        "echo 2001:db8::1 | dispatch mmdb asn.mmdb --ips -",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_file);
        using ProgressLine progress = new(Terminal);
        progress.Report("reading");
        bool opened = MmdbReader.TryOpen(path, out MmdbReader? database, out string fault);
        if (!opened) Terminal.WriteFault(fault);
        List<ListedAddress>? addresses = AddressList.Read(Terminal, parsed.GetRequiredValue(_ips), cancellation);
        progress.Dispose();
        if (database is null || addresses is null) return Task.FromResult(ExitCode.BadInput);
        try
        {
            new MmdbLines(database, addresses).Write(Terminal.Output, cancellation);
            return Task.FromResult(ExitCode.Done);
        }
        catch (MmdbException e)
        {
            Terminal.WriteFault($"{path}: {e.Message}");
            return Task.FromResult(ExitCode.BadInput);
        }
    }
}
