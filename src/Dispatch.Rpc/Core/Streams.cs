using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Messages that arrive one by one. One reader at a time.</summary>
/// <typeparam name="T">Message type.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last successful <see cref="MoveNext"/> read.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    T Current { get; }

    /// <summary>Waits for the next message; false at the end of the stream.</summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>Messages sent one by one. Await a write before starting the next.</summary>
/// <typeparam name="T">Message type.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options for the following writes; null for the call's own.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Sends a message; completes when flow control has taken it.</summary>
    Task WriteAsync(T message);

    /// <summary>Sends a message; cancelling ends the wait, not necessarily the message.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken);
}

/// <summary>The responses of a streaming method, on the server.</summary>
/// <typeparam name="T">Message type.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

/// <summary>The requests of a streaming method, on the client.</summary>
/// <typeparam name="T">Message type.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no request follows; the server then sees the end of the stream.</summary>
    Task CompleteAsync();
}

/// <summary>How a message is written; flags combine.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The message may wait for the next one before it is flushed; honoured as "flush at once".</summary>
    BufferHint = 1,

    /// <summary>The message is sent uncompressed even where the call compresses.</summary>
    NoCompress = 2,
}

/// <summary>How messages are written. Immutable.</summary>
public sealed class WriteOptions
{
    /// <summary>No flags.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>Makes options; no flags by default.</summary>
    public WriteOptions(WriteFlags flags = WriteFlags.None) => Flags = flags;

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; }
}

/// <summary>Reads streams with <c>await foreach</c>.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Waits for the next message; false at the end of the stream.</summary>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader) => streamReader.MoveNext(CancellationToken.None);

    /// <summary>Every message up to the end of the stream.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await streamReader.MoveNext(cancellationToken).ConfigureAwait(false))
            yield return streamReader.Current;
    }
}
