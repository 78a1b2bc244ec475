using System.Collections.Immutable;
using StackExchange.Redis;
using TrafficDispatch.Model;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// The world in Redis. A writer puts its tables under keys of a generation of its own, where nobody looks, and then in one step checks that
/// all are there and sets the stamp that names them. A reader takes the stamp and holds each table against the checksum in it, so it gets
/// exactly what that stamp names, or knows that it did not.
/// </summary>
internal sealed class RedisWorldStore(RedisConnection connection, TimeProvider time) : IWorldStore
{
    private const string Missing = "missing";
    private const int Attempts = 5;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Called before each step of a write; tests end the writer there.</summary>
    public Action? BeforeStep { get; init; }

    private RedisKeys Keys => connection.Keys;

    /// <inheritdoc/>
    public async Task<WorldStamp?> StampAsync(CancellationToken cancellation)
    {
        if (!await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false)) return null;
        byte[]? text = await StampBytesAsync(cancellation).ConfigureAwait(false);
        if (text is null) return null;
        try
        {
            return StampText.Read(text);
        }
        catch (InvalidDataException e)
        {
            throw new StoreUnavailableException(StoreTrouble.Failed, $"Redis key {Keys.WorldStamp}: {e.Message}. Load the world again.", e);
        }
    }

    /// <inheritdoc/>
    public async Task<WorldReading> ReadAsync(CancellationToken cancellation)
    {
        WorldStamp? stamp = await StampAsync(cancellation).ConfigureAwait(false);
        for (int attempt = 1; stamp is not null; attempt++)
        {
            RedisRows rows = new(connection);
            WorldReading reading = await FactsReading.RunAsync(
                stamp, (t, stop) => rows.ReadAsync(Keys.WorldTable(t.Generation, t.Name), t.Rows, t.Bytes, stop), cancellation).ConfigureAwait(false);
            if (reading.World is not null || attempt == Attempts) return reading;
            // A table that is gone or altered is a fault only while its stamp still holds: a newer world may have taken its place meanwhile.
            WorldStamp? after = await StampAsync(cancellation).ConfigureAwait(false);
            if (stamp.IsSameAs(after)) return reading;
            stamp = after;
        }
        return new(null, null, []);
    }

    /// <inheritdoc/>
    public async Task<WorldWriting> WriteAsync(World world, long? basis, CancellationToken cancellation)
    {
        ImmutableArray<StateFault> faults = FactsCheck.Run(world.Facts);
        if (!faults.IsEmpty) return new(null, "the world breaks rules", faults, 0);
        Step();
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        WorldStamp? held = await HeldAsync(cancellation).ConfigureAwait(false);
        WorldWriting written = await TryWriteAsync(world, held, basis, cancellation).ConfigureAwait(false);
        // A table that was to be taken over may have been evicted, or have gone with a newer world: then everything is sent.
        return written.Refusal == Missing ? await TryWriteAsync(world, null, basis, cancellation).ConfigureAwait(false) : written;
    }

    private async Task<WorldWriting> TryWriteAsync(World world, WorldStamp? held, long? basis, CancellationToken cancellation)
    {
        Step();
        long generation = await connection.CallAsync(db => db.StringIncrementAsync(Keys.WorldGeneration), cancellation).ConfigureAwait(false);
        ImmutableArray<TableStamp>.Builder tables = ImmutableArray.CreateBuilder<TableStamp>();
        long moved = 0;
        foreach (FactsTable table in FactsTables.All)
        {
            if (table.RowsOf(world.Facts) is not { } rows) continue;
            TableStamp made = Digest(table, world.Facts, rows, generation);
            TableStamp? same = held?.Tables.FirstOrDefault(t => t.Name == made.Name && t.Checksum == made.Checksum && t.Rows == rows);
            tables.Add(same ?? made);
            if (same is not null) continue;
            RedisRows sender = new(connection) { BeforeStep = BeforeStep };
            moved += await sender.WriteAsync(Keys.WorldTable(generation, table.Name), rows, r => table.Row(world.Facts, r), cancellation).ConfigureAwait(false);
        }
        WorldStamp stamp = new(generation, world.Version, time.GetUtcNow(), tables.ToImmutable());
        return await PublishAsync(stamp, basis, moved, cancellation).ConfigureAwait(false);
    }

    private async Task<WorldWriting> PublishAsync(WorldStamp stamp, long? basis, long moved, CancellationToken cancellation)
    {
        Step();
        RedisKey[] keys = [Keys.WorldStamp, Keys.SchemaKey, Keys.Announced, .. stamp.Tables.Select(t => Keys.WorldTable(t.Generation, t.Name))];
        RedisValue[] values =
        [
            RedisKeys.Schema, stamp.Generation, basis is { } from ? from : "", StampText.Write(stamp), (long)Grace.TotalMilliseconds, Keys.WorldTables,
            Keys.Channel, .. stamp.Tables.Select(static t => (RedisValue)t.Rows),
        ];
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(RedisScripts.PublishWorld, keys, values, cancellation).ConfigureAwait(false))!;
        string word = (string)answer[0]!, detail = answer.Length > 1 ? (string)answer[1]! : "";
        return word switch
        {
            "stored" => new(stamp, "", [], moved),
            "changed" => new(null, $"the world in force is generation {detail}, not {basis} that this one was changed from", [], moved),
            "newer" => new(null, $"a newer world came between: generation {detail} is in force, this is {stamp.Generation}", [], moved),
            Missing => new(null, Missing, [new(detail, "", "", "", "is not in Redis any more: was it evicted?")], moved),
            _ => new(null, "another schema took the prefix meanwhile", [], moved),
        };
    }

    /// <summary>The stamp to take tables over from; one that cannot be read is as none, since the write replaces it.</summary>
    private async Task<WorldStamp?> HeldAsync(CancellationToken cancellation)
    {
        if (await StampBytesAsync(cancellation).ConfigureAwait(false) is not { } text) return null;
        try
        {
            return StampText.Read(text);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task<byte[]?> StampBytesAsync(CancellationToken cancellation) =>
        await connection.CallAsync(db => db.StringGetAsync(Keys.WorldStamp), cancellation).ConfigureAwait(false);

    private static TableStamp Digest(FactsTable table, WorldFacts facts, int rows, long generation)
    {
        using RowsDigest digest = new();
        for (int r = 0; r < rows; r++) digest.Add(table.Row(facts, r));
        return new(table.Name, generation, rows, digest.Bytes, digest.Finish());
    }

    private void Step() => BeforeStep?.Invoke();
}
