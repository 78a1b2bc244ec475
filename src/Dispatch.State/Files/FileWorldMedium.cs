using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Files;

/// <summary>A world's tables as files of rows, put in force by renaming the stamp.</summary>
internal sealed class FileWorldMedium(StateFiles files, FileAnnouncements announcements, WorldPlace place) : IWorldMedium
{
    private const string Suffix = ".rows";

    private string Stamp => place.Name + ".stamp";

    private string Generation => place.Name + ".generation";

    private string Prefix => place.Name + "-";

    /// <summary>Called before each table is written; tests end the writer there.</summary>
    public Action? BeforeStep { get; init; }

    /// <inheritdoc/>
    public Task<byte[]?> StampAsync(CancellationToken cancellation) => Task.FromResult(files.Read(Stamp));

    /// <inheritdoc/>
    public Task<long> NextGenerationAsync(CancellationToken cancellation) => files.AloneAsync(() =>
    {
        _ = long.TryParse(Encoding.ASCII.GetString(files.Read(Generation) ?? []), NumberStyles.None, CultureInfo.InvariantCulture, out long last);
        // A counter that was lost must not lead to a generation whose files are there.
        long next = checked(Math.Max(last, Held()?.Generation ?? 0) + 1);
        files.Write(Generation, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        return next;
    }, cancellation);

    /// <inheritdoc/>
    public Task<long> WriteAsync(long generation, string table, int rows, Func<int, byte[]> row, CancellationToken cancellation)
    {
        BeforeStep?.Invoke();
        return Task.FromResult(StateFiles.Try(() =>
        {
            long bytes = 0;
            using FileStream file = new(PathOf(generation, table), FileMode.Create, FileAccess.Write, FileShare.None);
            Span<byte> length = stackalloc byte[4];
            for (int r = 0; r < rows; r++)
            {
                cancellation.ThrowIfCancellationRequested();
                byte[] made = row(r);
                BinaryPrimitives.WriteInt32LittleEndian(length, made.Length);
                file.Write(length);
                file.Write(made);
                bytes += made.Length;
            }
            file.Flush(flushToDisk: true);
            return bytes;
        }));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<byte[]?> ReadAsync(TableStamp table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using FileStream file = new(PathOf(table.Generation, table.Name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        byte[] length = new byte[4];
        for (int r = 0; r < table.Rows; r++)
        {
            await file.ReadExactlyAsync(length, cancellation).ConfigureAwait(false);
            int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (bytes < 0 || bytes > file.Length - file.Position) throw new InvalidDataException($"row {r} is cut off");
            byte[] row = new byte[bytes];
            await file.ReadExactlyAsync(row, cancellation).ConfigureAwait(false);
            yield return row;
        }
    }

    /// <inheritdoc/>
    public Task<(PublishOutcome Outcome, string Detail)> PublishAsync(WorldStamp stamp, long? basis, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        WorldStamp? held = Held();
        long before = held?.Generation ?? 0;
        string now = before.ToString(CultureInfo.InvariantCulture);
        if (basis is { } from && from != before) return (PublishOutcome.Changed, now);
        if (before >= stamp.Generation) return (PublishOutcome.Newer, now);
        if (stamp.Tables.FirstOrDefault(t => !File.Exists(PathOf(t.Generation, t.Name))) is { } missing) return (PublishOutcome.Missing, missing.Name);
        files.Write(Stamp, StampText.Write(stamp));
        if (place.IsAnnounced) announcements.Announce(Topic.World, stamp.Generation.ToString(CultureInfo.InvariantCulture));
        Sweep(stamp, held);
        return (PublishOutcome.Stored, "");
    }, cancellation);

    /// <summary>Removes tables that neither this world nor the one before it names; those of writers that are under way have higher generations.</summary>
    private void Sweep(WorldStamp stamp, WorldStamp? before)
    {
        HashSet<string> kept = [.. stamp.Tables.Concat(before?.Tables ?? []).Select(t => PathOf(t.Generation, t.Name))];
        foreach (string path in Directory.EnumerateFiles(files.Folder, Prefix + "*" + Suffix))
        {
            string[] parts = Path.GetFileName(path).Split('-');
            bool isOld = parts.Length >= 3 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long generation) && generation < stamp.Generation;
            if (isOld && !kept.Contains(path)) File.Delete(path);
        }
    }

    private WorldStamp? Held()
    {
        try
        {
            return files.Read(Stamp) is { } text ? StampText.Read(text) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private string PathOf(long generation, string table) => files.PathOf(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{generation}-{table}{Suffix}"));
}
