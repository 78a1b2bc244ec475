using System.Net;
using System.Net.Sockets;

namespace TrafficDispatch.Cli.Probing;

/// <summary>One way to try an address. Thread-safe.</summary>
internal interface IProbe
{
    /// <summary>Tries an address.</summary>
    /// <returns>True where it answered as it should; false for anything else but a cancellation.</returns>
    Task<bool> TryAsync(DnsEndPoint address, CancellationToken cancellation);
}

/// <summary>Well is who takes a TCP connection.</summary>
internal sealed class TcpProbe : IProbe
{
    /// <inheritdoc/>
    public async Task<bool> TryAsync(DnsEndPoint address, CancellationToken cancellation)
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(address.Host, address.Port, cancellation);
            // Closed by a reset: probes once a second must not fill either side's table of connections that linger.
            client.LingerState = new LingerOption(true, 0);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>Well is who answers GET of a path with a status from 200 to 399, over HTTP/1.1 on a connection of its own.</summary>
internal sealed class HttpProbe : IProbe, IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, AllowAutoRedirect = false, UseProxy = false, UseCookies = false });
    private readonly string _path;

    /// <summary>Makes the probe.</summary>
    /// <param name="path">Begins with a slash.</param>
    public HttpProbe(string path) => _path = path;

    /// <inheritdoc/>
    public async Task<bool> TryAsync(DnsEndPoint address, CancellationToken cancellation)
    {
        string host = address.Host.Contains(':', StringComparison.Ordinal) ? $"[{address.Host}]" : address.Host;
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, FormattableString.Invariant($"http://{host}:{address.Port}{_path}"));
            using HttpResponseMessage reply = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return (int)reply.StatusCode is >= 200 and < 400;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
