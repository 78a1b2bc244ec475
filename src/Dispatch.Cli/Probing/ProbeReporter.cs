using System.Collections.Immutable;
using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Probing;

/// <summary>Reports probes to the first of several services that takes them: where they share a store the others hear of it.</summary>
internal sealed class ProbeReporter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ImmutableArray<(Uri Address, GrpcChannel Channel)> _services;
    private readonly string _token;
    private readonly TimeProvider _time;
    private int _first;

    /// <summary>Makes the reporter; nothing is connected yet.</summary>
    /// <param name="services">Where services are, in order of preference, and the way to each, which this then owns.</param>
    /// <param name="token">What the vantage shows; empty for nothing.</param>
    /// <param name="time">The clock of deadlines.</param>
    public ProbeReporter(IEnumerable<(Uri Address, HttpMessageHandler Way)> services, string token, TimeProvider time)
    {
        (_token, _time) = (token, time);
        _services = [.. services.Select(s => (s.Address, GrpcChannel.ForAddress(s.Address, new GrpcChannelOptions { TimeProvider = time, HttpHandler = s.Way, DisposeHttpClient = true })))];
    }

    /// <summary>Reports.</summary>
    /// <returns>What the service made of it, or how the last of them refused it.</returns>
    public async Task<(ProbeSummary? Summary, RpcException? Refusal)> ReportAsync(ImmutableArray<ProbeReport> reports, CancellationToken cancellation)
    {
        RpcException? refusal = null;
        for (int i = 0; i < _services.Length; i++)
        {
            int at = (_first + i) % _services.Length;
            try
            {
                ProbeSummary summary = await ReportToAsync(_services[at].Channel, reports, cancellation);
                _first = at;
                return (summary, null);
            }
            catch (RpcException e)
            {
                cancellation.ThrowIfCancellationRequested();
                refusal = new(new Grpc.Core.Status(e.StatusCode, $"{_services[at].Address}: {e.Status.Detail}"));
            }
        }
        return (null, refusal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, GrpcChannel channel) in _services) channel.Dispose();
    }

    private async Task<ProbeSummary> ReportToAsync(GrpcChannel channel, ImmutableArray<ProbeReport> reports, CancellationToken cancellation)
    {
        Metadata headers = [];
        if (_token.Length > 0) headers.Add("authorization", $"Bearer {_token}");
        CallOptions options = new(headers, _time.GetUtcNow().UtcDateTime + Patience, cancellation);
        using AsyncClientStreamingCall<ProbeReport, ProbeSummary> call = new Probes.ProbesClient(channel).Report(options);
        foreach (ProbeReport report in reports) await call.RequestStream.WriteAsync(report, cancellation);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }
}
