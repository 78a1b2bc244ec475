using System.Collections.Immutable;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State.Files;

/// <summary>Each month's book as <c>billing-YYYY-MM.json</c>, and the copy before it as <c>billing-YYYY-MM.json.last</c>.</summary>
internal sealed class FileBillingStore(StateFiles files, FileLeaseStore lease) : IBillingStore
{
    private const string Prefix = "billing-", Suffix = ".json", Last = ".last";

    /// <inheritdoc/>
    public Task<FencedWrite> SaveAsync(BillingMonth month, FencingToken token, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        if (!lease.Holds(token)) return FencedWrite.StaleToken;
        string name = Prefix + BookText.MonthOf(month.Start) + Suffix;
        // The copy is only taken of what can be read: a damaged book must not push out the last good one.
        if (files.Read(name) is { } last && BookText.Read(last, name, []) is not null) files.Write(name + Last, last);
        files.Write(name, BookText.Write(month.Book));
        foreach ((_, string old) in Months().Skip(IBillingStore.KeptMonths))
        {
            File.Delete(files.PathOf(old));
            File.Delete(files.PathOf(old + Last));
        }
        return FencedWrite.Stored;
    }, cancellation);

    /// <inheritdoc/>
    public Task<BillingReading> LoadAsync(CancellationToken cancellation)
    {
        List<string> faults = [];
        foreach ((DateTimeOffset start, string name) in StateFiles.Try(Months))
            if ((TryRead(name, faults) ?? TryRead(name + Last, faults)) is { } book) return Task.FromResult(new BillingReading(new(start, book), [.. faults]));
        return Task.FromResult(new BillingReading(null, [.. faults]));
    }

    private BillingBook? TryRead(string name, List<string> faults)
    {
        try
        {
            return BookText.Read(files.Read(name), name, faults);
        }
        catch (StoreUnavailableException e)
        {
            faults.Add($"{name}: {e.Message}");
            return null;
        }
    }

    /// <summary>The months on disk, newest first, by the name of the book, be it there or only its copy.</summary>
    private ImmutableArray<(DateTimeOffset Start, string Name)> Months()
    {
        HashSet<string> names = [];
        foreach (string path in Directory.EnumerateFiles(files.Folder, Prefix + "*" + Suffix)) names.Add(Path.GetFileName(path));
        foreach (string path in Directory.EnumerateFiles(files.Folder, Prefix + "*" + Suffix + Last)) names.Add(Path.GetFileName(path)[..^Last.Length]);
        List<(DateTimeOffset Start, string Name)> months = [];
        foreach (string name in names)
            if (BookText.TryReadMonth(name[Prefix.Length..^Suffix.Length], out DateTimeOffset start)) months.Add((start, name));
        return [.. months.OrderByDescending(static m => m.Start)];
    }
}
