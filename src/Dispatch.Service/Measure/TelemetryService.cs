using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Measure;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Options;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary><c>dispatch.v1.Telemetry</c>. One instance serves all calls.</summary>
internal sealed class TelemetryService(
    TelemetrySettings settings, ReporterGate gate, SampleFolder folder, BatchIntake intake, ISampleLog log, TimeProvider time) : Protocol.V1.Telemetry.TelemetryBase
{
    /// <summary>Most samples in a batch.</summary>
    public const int MostSamples = 1000;

    // A log that is full is asked again after this time; meanwhile the stream is not read, which holds the reporter back.
    private static readonly TimeSpan RoomInterval = TimeSpan.FromMilliseconds(100);

    private int _streams;

    /// <inheritdoc/>
    public override async Task<ReportReply> Report(IAsyncStreamReader<ReportBatch> requestStream, ServerCallContext context)
    {
        gate.Check(context.GetHttpContext());
        try
        {
            if (Interlocked.Increment(ref _streams) > settings.Streams)
                throw Refuse(StatusCode.ResourceExhausted, $"{settings.Streams} streams report already; try again later.");
            return await ReadAsync(requestStream, context.CancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task<ReportReply> ReadAsync(IAsyncStreamReader<ReportBatch> batches, CancellationToken cancellation)
    {
        ReportReply reply = new();
        long[] rejected = new long[SampleRules.FaultCount];
        Pace pace = new(settings.BatchesPerSecond, time);
        while (await batches.MoveNext(cancellation))
        {
            await pace.WaitAsync(cancellation);
            if (!intake.CanCheck) throw Refuse(StatusCode.Unavailable, "There is neither a world nor a table yet to check samples against; try again.");
            Check(batches.Current, reply.Batches);
            reply.Batches++;
            int kept = intake.Strip(batches.Current, folder.World, rejected);
            if (kept > 0) await StoreAsync(batches.Current, kept, reply, cancellation);
        }
        for (int fault = 1; fault < rejected.Length; fault++)
        {
            if (rejected[fault] == 0) continue;
            reply.Rejected += (ulong)rejected[fault];
            reply.Reasons.Add(new RejectedSamples { Reason = SampleRules.NameOf((SampleFault)fault), Samples = (ulong)rejected[fault] });
        }
        return reply;
    }

    private async Task StoreAsync(ReportBatch batch, int samples, ReportReply reply, CancellationToken cancellation)
    {
        byte[] payload = batch.ToByteArray();
        string name = string.Create(CultureInfo.InvariantCulture, $"{batch.ReporterId}:{batch.Sequence}");
        SampleAppend stored;
        try
        {
            while ((stored = await log.AppendAsync(name, payload, cancellation)) == SampleAppend.Full) await Task.Delay(RoomInterval, time, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            throw Refuse(StatusCode.Unavailable, $"The store of samples gives no answer: {e.Message}");
        }
        if (stored == SampleAppend.Known) reply.DuplicateBatches++;
        else reply.Accepted += (ulong)samples;
    }

    private static void Check(ReportBatch batch, ulong number)
    {
        int samples = batch.Paths.Count + batch.Loads.Count + batch.Resolvers.Count;
        if (batch.ReporterId.Length is 0 or > SampleRules.LongestReporter)
            throw Refuse(StatusCode.InvalidArgument, $"batch {number}: reporter_id holds {batch.ReporterId.Length} characters: must hold 1 to {SampleRules.LongestReporter}.");
        if (samples > MostSamples)
            throw Refuse(StatusCode.InvalidArgument, $"batch {number}: holds {samples} samples: must hold at most {MostSamples}.");
    }

    private static RpcException Refuse(StatusCode code, FormattableString message) => Refuse(code, message.ToString(CultureInfo.InvariantCulture));

    private static RpcException Refuse(StatusCode code, string message) => new(new Grpc.Core.Status(code, message));
}
