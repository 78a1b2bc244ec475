using System.Buffers;
using Google.Protobuf;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary>
/// Answers resolve requests from bytes to bytes: prefix, group, overlay, stable choice, and a reply that was prepared for that decision.
/// Gives the bytes that <see cref="Resolver"/> gives; leaves to it what is wrong or out of the ordinary. Thread-safe; takes no lock, and
/// allocates only to prepare a reply.
/// </summary>
internal sealed class RawResolver(AnswerCache cache, DispatchMeter meter, DecisionNotes notes)
{
    /// <summary>Longest request that is looked at, bytes.</summary>
    private const int LongestRequest = 1024;

    private readonly PreparedAnswers _prepared = new();

    /// <summary>Answers a request; false where the generated method must.</summary>
    /// <param name="request">The bytes of a <c>ResolveRequest</c>.</param>
    /// <param name="response">Takes the bytes of a <c>ResolveReply</c>.</param>
    public bool TryResolve(in ReadOnlySequence<byte> request, IBufferWriter<byte> response)
    {
        if (request.IsSingleSegment) return TryResolve(request.FirstSpan, response);
        if (request.Length > LongestRequest) return false;
        Span<byte> whole = stackalloc byte[(int)request.Length];
        request.CopyTo(whole);
        return TryResolve(whole, response);
    }

    private bool TryResolve(ReadOnlySpan<byte> request, IBufferWriter<byte> response)
    {
        long begun = DispatchMeter.Begin();
        if (request.Length > LongestRequest || cache.TryCapture() is not { } captured) return false;
        Span<ushort> excluded = stackalloc ushort[Resolver.MostExcluded];
        if (!ResolveQuestion.TryRead(request, captured.Table, excluded, out ResolveQuestion question)) return false;
        Span<EdgeShare> room = stackalloc EdgeShare[Resolver.MostEdges];
        DecisionRequest asked = question.Request.Under(captured.State.Overlay);
        Decision decision = captured.Table.Decide(asked, room[..question.Count]);
        response.Write(ReplyOf(captured, decision, room[..decision.Count], question.AsksForAll));
        meter.Decided(captured.Answers.Tally(decision.Service), decision.Reason, begun);
        notes.Note(captured.State, asked, decision, room, begun);
        return true;
    }

    private byte[] ReplyOf(Captured captured, in Decision decision, ReadOnlySpan<EdgeShare> ranked, bool asksForAll)
    {
        if (_prepared.Find(captured.Generation, decision, ranked, asksForAll) is { } ready) return ready;
        byte[] made = ResolveReplies.Of(captured, decision, ranked, asksForAll).ToByteArray();
        _prepared.Keep(captured.Generation, decision, ranked, asksForAll, made);
        return made;
    }
}
