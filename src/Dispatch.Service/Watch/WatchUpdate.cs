using System.Collections.Immutable;
using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>What a client holds. Immutable.</summary>
/// <param name="Version">The table's version.</param>
/// <param name="RowsHash">Names its rows.</param>
/// <param name="PrefixHash">Names its prefixes; empty for none.</param>
/// <param name="Overlay">The overlay, by reference: versions of overlays are those of one process. Null where it is not known to be ours.</param>
internal sealed record HeldVersion(TableVersion Version, ImmutableArray<byte> RowsHash, ImmutableArray<byte> PrefixHash, OverlayState? Overlay)
{
    /// <summary>What a client says that it holds; null for nothing, or for something that cannot be.</summary>
    public static HeldVersion? Of(ResumePoint? point) => point is null || point.TableEpoch > long.MaxValue || point.TableVersion > long.MaxValue
        ? null
        : new(new((long)point.TableEpoch, (long)point.TableVersion), [.. point.RowsHash.Span], [.. point.PrefixHash.Span], null);
}

/// <summary>
/// One update on its way to one client. Its rows are known weakly: where the client is so slow that everybody else has forgotten them, the
/// update is dropped and a newer one begun.
/// </summary>
internal sealed class WatchUpdate
{
    private readonly WeakReference<UpdatePlan>? _plan;
    private PlanPosition _position;

    /// <param name="begin">Its first message.</param>
    /// <param name="overlay">Its last message but one.</param>
    /// <param name="plan">Its rows; null where none change.</param>
    /// <param name="after">What the client holds after it.</param>
    public WatchUpdate(UpdateBegin begin, OverlayState overlay, UpdatePlan? plan, HeldVersion after)
    {
        (Begin, Overlay, After) = (new() { Begin = begin }, new() { Overlay = overlay }, after);
        End = new() { End = new() { RowsHash = ByteString.CopyFrom(after.RowsHash.AsSpan()), PrefixHash = ByteString.CopyFrom(after.PrefixHash.AsSpan()) } };
        if (plan is not null) _plan = new(plan);
    }

    public TableUpdate Begin { get; }

    public TableUpdate Overlay { get; }

    public TableUpdate End { get; }

    public HeldVersion After { get; }

    /// <summary>The next message with rows.</summary>
    /// <param name="message">Null where there are no more.</param>
    /// <returns>False where the rows are gone.</returns>
    public bool TryNext(out TableUpdate? message)
    {
        message = null;
        if (_plan is null) return true;
        if (!_plan.TryGetTarget(out UpdatePlan? plan)) return false;
        message = plan.Next(ref _position);
        return true;
    }
}
