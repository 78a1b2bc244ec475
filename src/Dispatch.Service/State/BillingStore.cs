using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Service.State;

/// <summary>The accounts of one calendar month.</summary>
/// <param name="Start">Its first moment, UTC.</param>
/// <param name="Book">The accounts.</param>
internal sealed record BillingMonth(DateTimeOffset Start, BillingBook Book);

/// <summary>What the folder held at the start.</summary>
/// <param name="Month">The newest month that can be read; null where there is none.</param>
/// <param name="Skipped">Files that were passed over and why, a line each.</param>
internal sealed record StoredBilling(BillingMonth? Month, ImmutableArray<string> Skipped);

/// <summary>
/// Keeps the billing book of each month as <c>billing-YYYY-MM.json</c> and the copy before it as <c>billing-YYYY-MM.json.last</c>. A book is
/// there wholly or not at all: it is written beside, forced to disk and renamed. Used by one thread at a time.
/// </summary>
internal sealed class BillingStore(StateFolder folder)
{
    /// <summary>Months that stay on disk.</summary>
    public const int KeptMonths = 13;

    private const string Prefix = "billing-", Suffix = ".json", Last = ".last", Unfinished = ".part", MonthForm = "yyyy-MM";

    /// <summary>Reads the newest month: its book, or the copy before where the book is not whole; else the month before it, and so on.</summary>
    public StoredBilling Load()
    {
        ImmutableArray<string>.Builder skipped = ImmutableArray.CreateBuilder<string>();
        foreach ((DateTimeOffset start, string path) in Months())
        {
            foreach (string candidate in (ReadOnlySpan<string>)[path, path + Last])
                if (File.Exists(candidate) && TryRead(candidate, skipped) is { } book) return new(new(start, book), skipped.ToImmutable());
        }
        return new(null, skipped.ToImmutable());
    }

    /// <summary>Writes a month's book and removes the months beyond the kept number.</summary>
    /// <exception cref="IOException">The disk fails or is full; the book before stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may no longer be written.</exception>
    public void Save(BillingMonth month)
    {
        string path = Path.Combine(folder.Path, Prefix + month.Start.UtcDateTime.ToString(MonthForm, CultureInfo.InvariantCulture) + Suffix);
        using (FileStream file = new(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            month.Book.Write(file);
            file.Flush(flushToDisk: true);
        }
        // A crash between the two leaves the copy alone, which is what is read then.
        if (File.Exists(path)) File.Move(path, path + Last, overwrite: true);
        File.Move(path + Unfinished, path, overwrite: true);
        FolderFlush.Flush(folder.Path);
        foreach ((_, string old) in Months().Skip(KeptMonths))
        {
            File.Delete(old);
            File.Delete(old + Last);
        }
    }

    private static BillingBook? TryRead(string path, ImmutableArray<string>.Builder skipped)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            BillingBookResult read = BillingBook.Read(file, Path.GetFileName(path));
            skipped.AddRange(read.Faults.Select(static f => f.ToString()));
            return read.Book;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            skipped.Add($"{Path.GetFileName(path)}: {e.Message}");
            return null;
        }
    }

    /// <summary>The months on disk, newest first, by the path of the book, be it there or only its copy.</summary>
    private IEnumerable<(DateTimeOffset Start, string Path)> Months()
    {
        HashSet<string> paths = [];
        foreach (string path in Directory.EnumerateFiles(folder.Path, Prefix + "*" + Suffix)) paths.Add(path);
        foreach (string path in Directory.EnumerateFiles(folder.Path, Prefix + "*" + Suffix + Last)) paths.Add(path[..^Last.Length]);
        List<(DateTimeOffset Start, string Path)> months = [];
        foreach (string path in paths)
        {
            string name = Path.GetFileName(path)[Prefix.Length..^Suffix.Length];
            if (DateTimeOffset.TryParseExact(name, MonthForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start)) months.Add((start, path));
        }
        return months.OrderByDescending(static m => m.Start);
    }
}
