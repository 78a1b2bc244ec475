using System.Buffers.Binary;
using System.Text;

namespace TrafficDispatch.Service.Tests.Fuzz;

/// <summary>Writes HTTP/2 (RFC 9113) and gRPC byte by byte, right or wrong as a test wants it; headers as HPACK literals without an index (RFC 7541, 6.2.2).</summary>
internal sealed class Http2Bytes
{
    public const byte Data = 0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, Push = 5, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public Http2Bytes Preface()
    {
        _bytes.AddRange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        return Frame(Settings, 0, 0, []);
    }

    public Http2Bytes Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A frame; its length may be a lie.</summary>
    public Http2Bytes Frame(byte type, byte flags, int stream, byte[] payload, int? length = null)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, (length ?? payload.Length) << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        _bytes.AddRange(head);
        _bytes.AddRange(payload);
        return this;
    }

    /// <summary>The head of a call.</summary>
    public Http2Bytes Call(int stream, string path, byte flags = EndHeaders, params (string Name, string Value)[] more) => Frame(Headers, flags, stream, Block(path, more));

    /// <summary>Headers of a call.</summary>
    public static byte[] Block(string path, params (string Name, string Value)[] more)
    {
        List<byte> block = [];
        (string, string)[] all = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"), .. more];
        foreach ((string name, string value) in all)
        {
            block.Add(0);
            Text(block, name);
            Text(block, value);
        }
        return [.. block];
    }

    /// <summary>A gRPC message of so many bytes that says it has <paramref name="length"/>.</summary>
    public static byte[] Message(byte[] payload, byte flag = 0, int? length = null)
    {
        byte[] message = new byte[5 + payload.Length];
        message[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length ?? payload.Length);
        payload.CopyTo(message, 5);
        return message;
    }

    // An integer with a prefix of 7 bits, no Huffman coding.
    private static void Text(List<byte> block, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        int rest = bytes.Length;
        if (rest < 127) block.Add((byte)rest);
        else
        {
            block.Add(127);
            for (rest -= 127; rest >= 128; rest /= 128) block.Add((byte)(rest % 128 + 128));
            block.Add((byte)rest);
        }
        block.AddRange(bytes);
    }
}
