using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace TrafficDispatch.Rpc.Tests;

/// <summary>
/// HTTP/2 frame by frame over a socket, for what no client library lets a test decide: which frames leave together. One test at a time.
/// </summary>
internal sealed class Http2Wire : IDisposable
{
    private const byte Data = 0, Headers = 1, Settings = 4, Ping = 6, WindowUpdate = 8;
    private const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private const int FrameHead = 9;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly MemoryStream _unsent = new();
    private readonly byte[] _head = new byte[FrameHead];
    private int _lastStream = -1;

    private Http2Wire(TcpClient client) => (_client, _stream) = (client, client.GetStream());

    public static async Task<Http2Wire> ConnectAsync(Uri server)
    {
        TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port);
        Http2Wire wire = new(client);
        wire._unsent.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        wire.Put(Settings, 0, 0, []);
        // Room for all that a test reads, so that it need not speak of windows again.
        wire.Put(WindowUpdate, 0, 0, Number(int.MaxValue - ushort.MaxValue));
        return wire;
    }

    /// <summary>The head of a gRPC request on a new stream; it leaves with the next <see cref="FlushAsync"/>.</summary>
    public int PutHead(string path, params (string Name, string Value)[] headers)
    {
        MemoryStream block = new();
        block.Write([0x83, 0x86]); // POST and http, from the static table
        Text(block, 0x04, path);
        Text(block, 0x01, "test");
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("content-type", "application/grpc"), ("te", "trailers"), .. headers])
        {
            Text(block, 0x00, name);
            Text(block, null, value);
        }
        _lastStream += 2;
        Put(Headers, EndHeaders, _lastStream, block.ToArray());
        return _lastStream;
    }

    /// <summary>The body of a request, with the end of its stream.</summary>
    public void PutBody(int stream, ReadOnlySpan<byte> body) => Put(Data, EndStream, stream, body);

    /// <summary>Puts a part of the body of a request that more follows.</summary>
    public void PutPart(int stream, ReadOnlySpan<byte> body) => Put(Data, 0, stream, body);

    /// <summary>Sends what was put, in one piece.</summary>
    public async Task FlushAsync()
    {
        await _stream.WriteAsync(_unsent.ToArray());
        _unsent.SetLength(0);
    }

    /// <summary>Reads until so many streams have ended.</summary>
    /// <returns>All header blocks, and all of the bodies, each one after the other.</returns>
    public async Task<(byte[] Headers, byte[] Body)> ReadAsync(int streams, CancellationToken cancellationToken)
    {
        MemoryStream headers = new(), body = new();
        while (streams > 0)
        {
            await _stream.ReadExactlyAsync(_head, cancellationToken);
            byte[] payload = new byte[_head[0] << 16 | _head[1] << 8 | _head[2]];
            await _stream.ReadExactlyAsync(payload, cancellationToken);
            (byte type, byte flags) = (_head[3], _head[4]);
            if (type == Headers) headers.Write(payload);
            if (type == Data) body.Write(payload);
            if (type is Data or Headers && (flags & EndStream) != 0) streams--;
            if (type is Settings or Ping && (flags & Ack) == 0) Put(type, Ack, 0, type == Ping ? payload : []);
            Assert.False(type is 3 or 7, $"The server ended with a frame of type {type}.");
        }
        return (headers.ToArray(), body.ToArray());
    }

    public void Dispose()
    {
        _unsent.Dispose();
        _client.Dispose();
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    // HPACK without indexing and without Huffman coding; every text here is shorter than 127 bytes.
    private static void Text(MemoryStream block, byte? prefix, string text)
    {
        if (prefix is { } first) block.WriteByte(first);
        block.WriteByte(checked((byte)text.Length));
        block.Write(Encoding.ASCII.GetBytes(text));
    }

    private void Put(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        _unsent.Write([(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)(payload.Length & 0xFF), type, flags]);
        _unsent.Write(Number(stream));
        _unsent.Write(payload);
    }
}
