using System.Buffers;

namespace Grpc.AspNetCore.Server;

/// <summary>Answers a unary call from bytes to bytes, without messages in between, or leaves it to the generated method.</summary>
/// <param name="service">The service instance.</param>
/// <param name="request">The request message as it came, uncompressed; valid during the call only.</param>
/// <param name="response">Takes the response message; discarded where the method returns false.</param>
/// <returns>True if answered; false to decode the request and call the generated method.</returns>
/// <remarks>
/// For answers kept as bytes. An exception ends the call as it does in a generated method. Where direct calls are on, a method may be asked
/// twice for one call, so that only a call that it answers may leave a trace.
/// </remarks>
public delegate bool RawUnaryMethod<in TService>(TService service, in ReadOnlySequence<byte> request, IBufferWriter<byte> response)
    where TService : class;

/// <summary>The raw methods of a service, by name of the generated unary method that each stands before.</summary>
/// <typeparam name="TService">The service; it must be registered as a singleton.</typeparam>
public sealed class RawUnaryMethods<TService>
    where TService : class
{
    private readonly Dictionary<string, RawUnaryMethod<TService>> _methods = new(StringComparer.Ordinal);

    /// <summary>Puts a raw method before the generated one of this name.</summary>
    /// <exception cref="ArgumentException">One is there already.</exception>
    public RawUnaryMethods<TService> Add(string methodName, RawUnaryMethod<TService> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        _methods.Add(methodName, method);
        return this;
    }

    internal RawUnaryMethod<TService>? Take(string methodName) => _methods.Remove(methodName, out var method) ? method : null;

    internal IEnumerable<string> Remaining => _methods.Keys;
}

/// <summary>Collects a raw answer, whose length must be known before its frame can be written.</summary>
internal sealed class RawResponse
{
    private const int LargestKeptBytes = 64 * 1024;

    // One spare a thread: a raw method is synchronous, and its answer is framed soon after.
    [ThreadStatic]
    private static RawResponse? _spare;

    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public IBufferWriter<byte> Writer => _buffer;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public static RawResponse Rent()
    {
        RawResponse response = _spare ?? new RawResponse();
        _spare = null;
        return response;
    }

    public void Return()
    {
        if (_buffer.Capacity > LargestKeptBytes)
            return;
        _buffer.ResetWrittenCount();
        _spare = this;
    }
}
