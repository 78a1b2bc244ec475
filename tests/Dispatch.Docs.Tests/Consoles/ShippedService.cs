using System.Text.RegularExpressions;

namespace TrafficDispatch.Docs.Tests.Consoles;

/// <summary>One service process over the shipped world, as a reader of the pages has started it, for all pages.</summary>
public sealed partial class ShippedService : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly StateDirectory _state = new();
    private ServiceProcess? _service;

    /// <summary>Where the pages say it is, and where it is: HOST:PORT.</summary>
    internal IReadOnlyList<(string Told, string Real)> Addresses { get; private set; } = [];

    /// <summary>Its State:Path.</summary>
    internal string State => _state.Path;

    public async Task InitializeAsync()
    {
        // The pages start it with the hour, so that their figures are the reader's; on a slow machine a page takes longer than the usual interval.
        _service = ServiceProcess.Start("--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Admin:Url=http://127.0.0.1:0",
            $"--State:Path={_state.Path}", "--Solve:UtcHour=12", "--Solve:Interval=01:00:00",
            $"--PowerDns:Socket={Path.Combine(_state.Path, "dns.sock")}");
        await _service.WaitFor("ask  ");
        Addresses = [.. ((string[])["gRPC", "pages", "admin"]).Zip(["127.0.0.1:5051", "127.0.0.1:5050", "127.0.0.1:5052"], (word, told) =>
            (told, Endpoint().Matches(_service.Output).Single(m => m.Groups["word"].Value == word).Groups["authority"].Value))];
        await _service.WaitFor("has its failovers").WaitAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose() => _state.Dispose();

    [GeneratedRegex(@"^ +(?<word>gRPC|pages|admin) +http://(?<authority>[0-9.:]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Endpoint();
}

[CollectionDefinition(nameof(ShippedService))]
public sealed class ShippedServiceCollection : ICollectionFixture<ShippedService>;
