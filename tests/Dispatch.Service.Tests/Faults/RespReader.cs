using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>Cuts what a Redis client sends into commands: arrays of strings with their lengths before them (RESP 2). For one connection.</summary>
internal sealed class RespReader(Stream client) : IAsyncDisposable
{
    private readonly PipeReader _pipe = PipeReader.Create(client);

    /// <summary>The commands that have come wholly, at least one; empty at the end of the stream.</summary>
    public async Task<List<byte[]>> ReadAsync(CancellationToken cancellation)
    {
        List<byte[]> commands = [];
        while (commands.Count == 0)
        {
            ReadResult read = await _pipe.ReadAsync(cancellation);
            ReadOnlySequence<byte> left = read.Buffer;
            while (TryCut(ref left, out byte[] command)) commands.Add(command);
            _pipe.AdvanceTo(left.Start, left.End);
            if (read.IsCompleted) break;
        }
        return commands;
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private static bool TryCut(ref ReadOnlySequence<byte> left, out byte[] command)
    {
        command = [];
        SequenceReader<byte> at = new(left);
        if (!TryNumber(ref at, (byte)'*', out int parts)) return false;
        for (int i = 0; i < parts; i++)
        {
            if (!TryNumber(ref at, (byte)'$', out int length) || at.Remaining < length + 2) return false;
            at.Advance(length + 2);
        }
        command = left.Slice(0, at.Position).ToArray();
        left = left.Slice(at.Position);
        return true;
    }

    private static bool TryNumber(ref SequenceReader<byte> at, byte mark, out int number)
    {
        number = 0;
        if (!at.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8)) return false;
        byte[] text = line.ToArray();
        if (text.Length < 2 || text[0] != mark || !Utf8Parser.TryParse(text.AsSpan(1), out number, out _))
            throw new InvalidDataException("A client is expected to send arrays of strings.");
        return true;
    }
}
