using System.Text;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State.Files;

/// <summary>The billing book as a file: a line with its SHA-256, then the text; and the copy before it.</summary>
internal sealed class FileBillingStore(StateFiles files, FileLeaseStore lease) : IBillingStore
{
    private const string Name = "billing-book", Before = "billing-book.before";

    /// <inheritdoc/>
    public Task<FencedWrite> SaveAsync(BillingBook book, FencingToken token, CancellationToken cancellation)
    {
        byte[] text = BookText.Write(book);
        return files.AloneAsync(() =>
        {
            if (!lease.Holds(token)) return FencedWrite.StaleToken;
            // The copy is only taken of what can be read: a damaged book must not push out the last good one.
            if (files.Read(Name) is { } last && Parse(last, Name, []) is not null) files.Write(Before, last);
            files.Write(Name, [.. Encoding.ASCII.GetBytes(BookText.Checksum(text) + "\n"), .. text]);
            return FencedWrite.Stored;
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<BillingReading> LoadAsync(CancellationToken cancellation)
    {
        List<string> faults = [];
        BillingBook? book = Parse(files.Read(Name), "billing book", faults) ?? Parse(files.Read(Before), "billing book before it", faults);
        return Task.FromResult(new BillingReading(book, [.. faults]));
    }

    private static BillingBook? Parse(byte[]? file, string name, List<string> faults)
    {
        if (file is null) return null;
        int end = file.AsSpan().IndexOf((byte)'\n');
        return BookText.Read(file[(end + 1)..], end < 0 ? null : Encoding.ASCII.GetString(file, 0, end), name, faults);
    }
}
