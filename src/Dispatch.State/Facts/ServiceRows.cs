using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>What is served, under what law, in what health, and which streams are on air.</summary>
internal static class ServiceRows
{
    public static void Write(RowWriter row, WorldFacts facts)
    {
        row.List(facts.Classes, Write);
        row.List(facts.Services, Write);
        row.List(facts.Endpoints, static (r, endpoint) =>
        {
            r.Text(endpoint.NodeId);
            r.Text(endpoint.ServiceId);
            r.Byte((int)endpoint.Type);
            r.Text(endpoint.Value);
        });
    }

    public static WorldFacts Read(RowReader row, WorldFacts sofar) => sofar with
    {
        Classes = row.List(ReadClass),
        Services = row.List(ReadService),
        Endpoints = row.List(static r => new ServiceEndpoint(r.Text(), r.Text(), r.Choice<EndpointType>(), r.Text())),
    };

    public static void WriteLaw(RowWriter row, WorldFacts facts) => row.List(facts.AllowedHops, static (r, rule) =>
    {
        r.Text(rule.Jurisdiction);
        r.Byte((int)rule.Hop);
        r.Texts(rule.Allowed);
    });

    public static WorldFacts ReadLaw(RowReader row, WorldFacts sofar) =>
        sofar with { AllowedHops = row.List(static r => new AllowedHop(r.Text(), r.Choice<NodeKind>(), r.Texts())) };

    public static void WriteHealth(RowWriter row, WorldFacts facts) => row.List(facts.Health, static (r, statement) =>
    {
        r.Byte((int)statement.Scope);
        r.Text(statement.Id);
        r.Byte((int)statement.State);
        r.Number(statement.Factor);
    });

    public static WorldFacts ReadHealth(RowReader row, WorldFacts sofar) => sofar with
    {
        Health = row.List(static r => new HealthStatement(r.Choice<HealthScope>(), r.Text(), r.Choice<HealthState>(), r.Number())),
    };

    public static void WriteStreams(RowWriter row, WorldFacts facts) => row.List(facts.Streams, static (r, stream) =>
    {
        r.Text(stream.Key);
        r.Text(stream.OriginId);
        r.Number(stream.BitrateMbps);
        r.List(stream.VariantMbps, static (w, rate) => w.Number(rate));
        r.Maybe(stream.Expires, static (w, end) => w.Long(end.UtcTicks));
    });

    public static WorldFacts ReadStreams(RowReader row, WorldFacts sofar) => sofar with
    {
        Streams = row.List(static r => new LiveStream(r.Text(), r.Text(), r.Number())
        {
            VariantMbps = r.List(static w => w.Number()),
            Expires = r.Maybe(static w => Moment(w.Long())),
        }),
    };

    private static DateTimeOffset Moment(long ticks) => ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
        ? new(ticks, TimeSpan.Zero)
        : throw new InvalidDataException("a time outside the calendar");

    private static void Write(RowWriter row, TrafficClass c)
    {
        row.Text(c.Id);
        row.Byte(c.Priority);
        row.Number(c.Share);
        row.Number(c.LatencyWeight);
        row.Maybe(c.MaxRtt, static (r, bound) => r.Number(bound.Value));
        row.Number(c.LossWeight);
        row.Maybe(c.MaxLoss, static (r, bound) => r.Number(bound));
        row.Number(c.StickyShare);
    }

    private static TrafficClass ReadClass(RowReader row) =>
        new(row.Text(), row.Byte(), row.Number(), row.Number(), row.Maybe(static r => new Milliseconds(r.Number())))
        {
            LossWeight = row.Number(),
            MaxLoss = row.Maybe(static r => r.Number()),
            StickyShare = row.Number(),
        };

    private static void Write(RowWriter row, Service s)
    {
        row.Text(s.Id);
        row.Text(s.ClassId);
        row.Texts(s.Hostnames);
        row.Texts(s.Operators);
        row.Texts(s.Edges);
        row.Int(s.TtlSeconds);
        row.Number(s.ClassShare);
        row.Byte((int)s.OverCapacity);
        row.Byte((int)s.AllDown);
        row.MaybeText(s.FallbackHost);
    }

    private static Service ReadService(RowReader row) => new(
        row.Text(), row.Text(), row.Texts(), row.Texts(), row.Texts(), row.Int(), row.Number(),
        row.Choice<OverCapacityPolicy>(), row.Choice<AllDownPolicy>(), row.MaybeText());
}
