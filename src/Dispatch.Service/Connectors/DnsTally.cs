using System.Diagnostics.Metrics;
using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Service.Connectors;

/// <summary>By which way a DNS server asks.</summary>
internal enum DnsConnector
{
    /// <summary>CoreDNS' plugin <c>grpc</c>.</summary>
    CoreDns,

    /// <summary>PowerDNS' remote backend over HTTP.</summary>
    PowerDnsHttp,

    /// <summary>PowerDNS' remote backend over its unix socket.</summary>
    PowerDnsSocket,
}

/// <summary>Answers to DNS servers counted by way and rcode, in plain numbers. Thread-safe.</summary>
internal sealed class DnsTally
{
    private const int Connectors = 3, Rcodes = 17;

    private readonly long[] _counts = new long[Connectors * Rcodes];

    /// <summary>Counts an answer.</summary>
    public void Add(DnsConnector connector, DnsRcode rcode) => Interlocked.Increment(ref _counts[(int)connector * Rcodes + (int)rcode]);

    /// <summary>Adds the counter to a meter.</summary>
    public void AddTo(Meter meter) =>
        meter.CreateObservableCounter("dispatch_dns_answers_total", Counts, null, "Answers to DNS servers by the way they asked and how the question ended.");

    private IEnumerable<Measurement<long>> Counts()
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            if (Volatile.Read(ref _counts[i]) is > 0 and long count)
                yield return new(count, new("connector", NameOf((DnsConnector)(i / Rcodes))), new("rcode", NameOf((DnsRcode)(i % Rcodes))));
        }
    }

    private static string NameOf(DnsConnector connector) => connector switch
    {
        DnsConnector.CoreDns => "coredns",
        DnsConnector.PowerDnsHttp => "powerdns_http",
        _ => "powerdns_socket",
    };

    private static string NameOf(DnsRcode rcode) => rcode.ToString().ToUpperInvariant();
}
