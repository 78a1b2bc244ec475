using System.Net.Sockets;
using TrafficDispatch.Service.Tests.Fuzz;

namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>A connection to an HTTP/2 endpoint that sends what a test wants, and reads or does not.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(string url)
    {
        // A small buffer: what the peer sends and nobody reads soon waits with the peer.
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", new Uri(url).Port);
        return new(socket);
    }

    public async Task SendAsync(Http2Bytes bytes) => await _socket.SendAsync(bytes.ToArray());

    /// <summary>Sends what tells the server's reading apart from its silence: it answers a ping only after all that came before.</summary>
    public async Task SendAndBeHeardAsync(Http2Bytes bytes, CancellationToken patience)
    {
        await SendAsync(bytes.Frame(Http2Bytes.Ping, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]));
        await ReadToAsync(Http2Bytes.Ping, patience);
    }

    /// <summary>Reads frames up to the first of a type and gives its flags and payload.</summary>
    public async Task<(byte Flags, byte[] Payload)> ReadToAsync(byte type, CancellationToken patience)
    {
        byte[] head = new byte[9];
        while (true)
        {
            await ReadExactlyAsync(head, patience);
            byte[] payload = new byte[head[0] << 16 | head[1] << 8 | head[2]];
            await ReadExactlyAsync(payload, patience);
            if (head[3] == type) return (head[4], payload);
        }
    }

    /// <summary>Whether the server closes the connection; whatever it says before is passed over.</summary>
    public async Task<bool> IsClosedAsync(CancellationToken patience)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, patience) > 0)
            {
            }
            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadExactlyAsync(byte[] buffer, CancellationToken patience)
    {
        for (int read = 0; read < buffer.Length;)
        {
            int got = await _socket.ReceiveAsync(buffer.AsMemory(read), patience);
            if (got == 0) throw new EndOfStreamException("The server closed the connection.");
            read += got;
        }
    }
}
