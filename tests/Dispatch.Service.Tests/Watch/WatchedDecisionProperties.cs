using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Client;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Watch;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Watch;

/// <summary>Any table, any part of it, any overlay: whoever holds what was sent decides as the whole table does.</summary>
public sealed class WatchedDecisionProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithReplay(20261122UL, 7UL).WithMaxTest(300);

    [Fact]
    public void Update_AnyPartOfAnyTable_DecidesAsTheWhole() => Check.One(Runs, Prop.ForAll(DrawnTable.Any, drawn =>
    {
        ServingState state = drawn.Under(drawn.Table(new(1, 1)), drawn.Seed);
        TableSelection selection = SelectionOf(drawn);
        DispatchTable held = Apply(null, state, selection)!;
        return Differences(drawn, state, selection, held).ToArray() is { Length: 0 };
    }));

    /// <summary>A delta leads where a full table leads; the hash at its end holds for both, or it would not be taken.</summary>
    [Fact]
    public void Update_FromAnyVersion_DecidesAsTheWhole() => Check.One(Runs, Prop.ForAll(DrawnTable.Any, drawn =>
    {
        TableSelection selection = SelectionOf(drawn);
        DispatchTable held = Apply(null, drawn.Under(drawn.Table(new(1, 1)), 1), selection)!;
        // Some worlds of the same names and sizes, some with more edges: then everything comes anew.
        DrawnTable next = drawn with { Seed = drawn.Seed + 1, Edges = drawn.Edges + (drawn.Seed % 4 == 0 ? 1 : 0), Prefixes = drawn.Seed % 3 == 0 ? drawn.Prefixes : drawn.Prefixes / 2 };
        ServingState state = next.Under(next.Table(new(1, 2)), 2);
        DispatchTable after = Apply(held, state, selection)!;
        return after.Version == new TableVersion(1, 2) && Differences(next, state, selection, after).ToArray() is { Length: 0 };
    }));

    /// <summary>One byte of one message altered on its way: the update is refused, or says the same as before. Nothing else ever comes of it.</summary>
    [Fact]
    public void Update_AnyByteAltered_IsRefusedOrMeansTheSame()
    {
        int refused = 0;
        Check.One(Runs, Prop.ForAll(DrawnTable.Any, drawn =>
        {
            ServingState state = drawn.Under(drawn.Table(new(1, 1)), drawn.Seed);
            TableSelection selection = SelectionOf(drawn);
            List<TableUpdate> messages = [];
            DispatchTable right = Apply(null, state, selection, messages.Add);
            Random dice = new(drawn.Seed);
            int which = dice.Next(messages.Count);
            byte[] bytes = Google.Protobuf.MessageExtensions.ToByteArray(messages[which]);
            bytes[dice.Next(bytes.Length)] ^= (byte)(1 << dice.Next(8));
            try
            {
                messages[which] = TableUpdate.Parser.ParseFrom(bytes);
                HeldTable held = Receive(messages, selection);
                return held.RowsHash.AsSpan().SequenceEqual(right.Held.RowsHash.AsSpan()) && held.PrefixHash.AsSpan().SequenceEqual(right.Held.PrefixHash.AsSpan());
            }
            catch (Exception e) when (e is InvalidDataException or Google.Protobuf.InvalidProtocolBufferException)
            {
                refused++;
                return true;
            }
        }));
        Assert.True(refused > 200, $"only {refused} refused");
    }

    private static HeldTable Receive(List<TableUpdate> messages, TableSelection selection)
    {
        UpdateDraft? draft = null;
        foreach (TableUpdate message in messages)
        {
            if (message.Begin is { } begin) draft = new(null, begin, selection);
            else if (draft is null) throw new InvalidDataException("no beginning");
            else if (message.Rows is { } rows) draft.Add(rows);
            else if (message.Prefixes is { } prefixes) draft.Add(prefixes);
            else if (message.Overlay is { } overlay) draft.Overlay = overlay;
            else if (message.End is { } end) return Held(draft, end);
        }
        throw new InvalidDataException("no end");

        static HeldTable Held(UpdateDraft draft, UpdateEnd end)
        {
            HeldTable held = draft.Finish(end);
            OverlayBits.Of(draft.Overlay, held.Table.Content.EdgeCount);
            return held;
        }
    }

    /// <summary>The judge sees differences: another table's decisions are not those of this one.</summary>
    [Fact]
    public void Differences_OfAnotherTable_AreSeen()
    {
        DrawnTable drawn = new(11, 4, 8, 1, 1, 30, 0);
        ServingState state = drawn.Under(drawn.Table(new(1, 1)), 1);
        ServingState other = drawn.Under((drawn with { Seed = 12 }).Table(new(1, 1)), 1);
        Assert.NotEmpty(Differences(drawn, state, TableSelection.Everything, Apply(null, other, TableSelection.Everything)!));
    }

    internal static TableSelection SelectionOf(DrawnTable drawn)
    {
        Random dice = new(drawn.Seed);
        ImmutableArray<string> regions = dice.Next(3) == 0 ? [] : [.. Enumerable.Range(0, drawn.Regions).Where(_ => dice.Next(2) == 0).Select(static r => $"R-{r}")];
        ImmutableArray<string> services = dice.Next(3) == 0 ? [] : [.. Enumerable.Range(0, drawn.Services).Where(_ => dice.Next(2) == 0).Select(static s => $"s-{s}")];
        return new(regions, services, dice.Next(4) > 0);
    }

    /// <summary>Sends what leads from one to the other, message by message, as the service does.</summary>
    internal static DispatchTable Apply(DispatchTable? before, ServingState state, TableSelection selection, Action<TableUpdate>? see = null)
    {
        TableSlice to = TableSlice.Of(state.Table.Content, selection)!;
        PrefixIndex index = state.Table.Content.Prefixes;
        IndexRanges ranges = new(index, index.Ranges(false), index.Ranges(true));
        ImmutableArray<byte> prefixHash = to.Prefixes is null ? [] : to.Prefixes.Hash(ranges.V4, ranges.V6);
        bool newPrefixes = to.Prefixes is not null && !(before?.Held.PrefixHash.AsSpan().SequenceEqual(prefixHash.AsSpan()) ?? false);
        TableSlice? from = before is null ? null : SliceOf(before);
        UpdatePlan plan = new(from, to, state.Table.Version, newPrefixes ? ranges : null);
        UpdateBegin begin = new()
        {
            Full = plan.Difference.IsFull,
            FromEpoch = 1,
            FromVersion = (ulong)(before?.Version.Number ?? 0),
            TableEpoch = 1,
            TableVersion = (ulong)state.Table.Version.Number,
            WorldVersion = "drawn",
            UtcHour = 3,
            GranuleV4 = 24,
            GranuleV6 = 48,
            Profiles = (uint)to.Rows.Entries.Profiles,
            NewPrefixes = newPrefixes,
            NewRegions = plan.Difference.Regions,
            NewEdges = plan.Difference.Edges,
            NewServices = plan.Difference.Services,
            NewFailovers = plan.Difference.Failovers,
        };
        UpdateDraft draft = new(before?.Held, begin, selection) { Overlay = OverlayMessages.Of(state) };
        see?.Invoke(new() { Begin = begin });
        PlanPosition position = default;
        while (plan.Next(ref position) is { } message)
        {
            // Through its bytes, as over the wire.
            TableUpdate received = TableUpdate.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(message));
            see?.Invoke(received);
            if (received.Rows is { } rows) draft.Add(rows);
            else draft.Add(received.Prefixes);
        }
        UpdateEnd end = new() { RowsHash = Bytes(to.RowsHash), PrefixHash = Bytes(prefixHash) };
        HeldTable held = draft.Finish(end);
        see?.Invoke(new() { Overlay = draft.Overlay });
        see?.Invoke(new() { End = end });
        return new(held, OverlayBits.Of(draft.Overlay, held.Table.Content.EdgeCount), isFromFile: false);
    }

    // What a client holds, cut by nothing: its rows are those that it was sent.
    private static TableSlice SliceOf(DispatchTable held) => TableSlice.Of(held.Routing.Content, TableSelection.Everything)!;

    private static Google.Protobuf.ByteString Bytes(ImmutableArray<byte> hash) => Google.Protobuf.ByteString.CopyFrom(hash.AsSpan());

    private static IEnumerable<string> Differences(DrawnTable drawn, ServingState state, TableSelection selection, DispatchTable held)
    {
        Random dice = new(drawn.Seed ^ 0x5EED);
        RoutingTable whole = state.Table;
        for (int i = 0; i < 60; i++)
        {
            string service = $"s-{dice.Next(drawn.Services)}";
            if (!selection.Services.IsEmpty && !selection.Services.Contains(service))
            {
                if (held.ServiceOrdinal(service) >= 0) yield return $"{service} is held";
                continue;
            }
            string region = $"R-{dice.Next(drawn.Regions)}";
            bool byRegion = dice.Next(4) == 0, isHeld = selection.Regions.IsEmpty || selection.Regions.Contains(region);
            if (held.RegionOrdinal(region) >= 0 != isHeld) yield return $"{region} is held: {!isHeld}";
            if (byRegion && !isHeld) continue;
            ClientAddress address = dice.Next(2) == 0
                ? ClientAddress.FromV4((10u << 24) + (uint)dice.Next(1 << 22))
                : ClientAddress.FromV6(((UInt128)0x20010DB8 << 96) + ((UInt128)dice.Next(1 << 30) << 58));
            byte[] key = dice.Next(2) == 0 ? [] : Encoding.UTF8.GetBytes($"user-{i}");
            ushort[] excluded = [.. Enumerable.Range(0, dice.Next(3)).Select(_ => (ushort)dice.Next(drawn.Edges))];
            int wanted = dice.Next(1, 8);
            EdgeShare[] expected = new EdgeShare[wanted], ranked = new EdgeShare[wanted];
            DecisionRequest asked = RequestOf(whole, whole.ServiceOrdinal(service), whole.RegionOrdinal(region)) with { SessionKey = key, Excluded = excluded };
            Decision right = whole.Decide(asked.Under(state.Overlay), expected);
            DecisionRequest local = RequestOf(held.Routing, held.ServiceOrdinal(service), held.RegionOrdinal(region)) with { SessionKey = key, Excluded = excluded };
            bool decides = held.TryDecide(local, ranked, out Decision decision);
            string at = right.Region < 0 ? "" : whole.Content.Regions[right.Region].Id;
            bool outside = !byRegion && (!selection.Prefixes || (at.Length > 0 && !selection.Regions.IsEmpty && !selection.Regions.Contains(at)));
            if (decides == outside) yield return $"{address} in {at} is decided: {decides}";
            if (!decides) continue;
            string words = whole.Explain(right, expected), said = held.Routing.Explain(decision, ranked);
            bool same = words == said && expected.AsSpan().SequenceEqual(ranked) && held.OverlayVersion == state.OverlayVersion
                && (right.Reason, right.Count, right.ScopeLength, right.MatchedLength, right.Network, right.TtlSeconds, right.Share)
                    == (decision.Reason, decision.Count, decision.ScopeLength, decision.MatchedLength, decision.Network, decision.TtlSeconds, decision.Share)
                && whole.Endpoints(right.Service, 0).SequenceEqual(held.Routing.Endpoints(decision.Service, 0));
            if (!same) yield return $"{address}: {words} / {said}";

            DecisionRequest RequestOf(RoutingTable table, int s, int r) => byRegion ? DecisionRequest.ForRegion(s, r) : DecisionRequest.ForAddress(s, address);
        }
    }
}
