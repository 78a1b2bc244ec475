using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace TrafficDispatch.Service.Overload;

/// <summary>Lets calls of the Grpc endpoint into the pipeline while there is room, and counts those under way. Thread-safe.</summary>
/// <remarks>
/// A call of <see cref="CallClass.Bulk"/> is under way until its caller has taken the answer, for such answers are large: who asks for many and takes none
/// fills the few places that there are for these, and no more memory.
/// </remarks>
internal sealed class CallLimit(OverloadSettings settings, Shedding shedding)
{
    private readonly Room _calls = new(settings.Calls, ShedReason.Calls), _bulk = new(Math.Max(1, settings.Calls / 16), ShedReason.Calls),
        _streams = new(settings.Streams, ShedReason.Streams);

    /// <summary>Unary calls begun and not ended.</summary>
    public int Calls => _calls.Taken + _bulk.Taken;

    /// <summary>Streams open.</summary>
    public int Streams => _streams.Taken;

    /// <summary>Runs a call, or turns it away.</summary>
    /// <param name="kind">Its class.</param>
    /// <param name="type">Its shape.</param>
    /// <param name="http">The request.</param>
    /// <param name="inner">What runs it.</param>
    public Task RunAsync(CallClass kind, MethodType type, HttpContext http, RequestDelegate inner)
    {
        if (http.Features.Get<Admission>()?.Judge(kind) is { } refusal) return Refuse(http, refusal);
        Room room = type != MethodType.Unary ? _streams : kind == CallClass.Bulk ? _bulk : _calls;
        if (!room.TryEnter(isVital: kind == CallClass.Vital)) return Refuse(http, shedding.Refuse(room.Reason));
        return CountedAsync(room, http, inner, untilTaken: ReferenceEquals(room, _bulk));
    }

    private static Task Refuse(HttpContext http, CallRefusal refusal)
    {
        refusal.WriteTo(http.Response);
        return Task.CompletedTask;
    }

    private static async Task CountedAsync(Room room, HttpContext http, RequestDelegate inner, bool untilTaken)
    {
        try
        {
            await inner(http);
            // Waits while more than a response buffer has not been taken.
            if (untilTaken) await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        finally
        {
            room.Leave();
        }
    }

    /// <summary>Places for calls of a kind; as many again are kept for what says how the process is.</summary>
    private sealed class Room(int most, ShedReason reason)
    {
        private int _taken;

        public int Taken => Volatile.Read(ref _taken);

        public ShedReason Reason => reason;

        public bool TryEnter(bool isVital)
        {
            if (Interlocked.Increment(ref _taken) <= (isVital ? 2L * most : most)) return true;
            Leave();
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _taken);
    }
}
