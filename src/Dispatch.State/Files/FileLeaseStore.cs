using System.Globalization;
using System.Text;

namespace TrafficDispatch.State.Files;

/// <summary>The lease as a line of a file: token, end in ticks, holder. Time is this machine's clock, which all its processes share.</summary>
/// <param name="files">The folder.</param>
/// <param name="time">The clock.</param>
/// <param name="alone">
/// True where one process owns the folder: whoever holds a lease besides is gone, so that it is granted at once, and it does not end.
/// </param>
internal sealed class FileLeaseStore(StateFiles files, TimeProvider time, bool alone) : ILeaseStore
{
    private const string File = "lease";

    /// <inheritdoc/>
    public Task<LeaseGrant> AcquireAsync(string holder, TimeSpan length, CancellationToken cancellation)
    {
        LeaseRules.Check(holder, length);
        return files.AloneAsync(() =>
        {
            (long last, DateTimeOffset end, string held) = Read();
            DateTimeOffset now = time.GetUtcNow();
            if (!alone && held.Length > 0 && end > now) return new LeaseGrant(null, held, end - now);
            FencingToken token = new(Math.Max(checked(last + 1), now.UtcTicks / TimeSpan.TicksPerMicrosecond), holder);
            Write(token.Number, now + length, holder);
            return new(token, holder, alone ? Timeout.InfiniteTimeSpan : length);
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(FencingToken token, TimeSpan length, CancellationToken cancellation)
    {
        LeaseRules.Check(token.Holder, length);
        return IfHeldAsync(token, () => Write(token.Number, time.GetUtcNow() + length, token.Holder), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(FencingToken token, CancellationToken cancellation) =>
        IfHeldAsync(token, () => Write(token.Number, time.GetUtcNow(), ""), cancellation);

    /// <summary>True where the token is that of the lease in force; to be asked alone.</summary>
    public bool Holds(FencingToken token)
    {
        (long number, DateTimeOffset end, string holder) = Read();
        return number == token.Number && holder == token.Holder && (alone || end > time.GetUtcNow());
    }

    /// <summary>Who holds the lease; empty where nobody does.</summary>
    public string Holder()
    {
        (_, DateTimeOffset end, string holder) = Read();
        return alone || end > time.GetUtcNow() ? holder : "";
    }

    private Task<bool> IfHeldAsync(FencingToken token, Action change, CancellationToken cancellation) => files.AloneAsync(() =>
    {
        bool holds = Holds(token);
        if (holds) change();
        return holds;
    }, cancellation);

    /// <summary>A lease that cannot be read is nobody's: its token was below the clock, as the next one is not.</summary>
    private (long Token, DateTimeOffset End, string Holder) Read()
    {
        string[] parts = Encoding.UTF8.GetString(files.Read(File) ?? []).Split(' ', 3);
        bool isLease = parts.Length == 3
            & long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long token)
            & long.TryParse(parts.ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out long end)
            && end <= DateTimeOffset.MaxValue.UtcTicks;
        return isLease ? (token, new(end, TimeSpan.Zero), parts[2]) : (0, DateTimeOffset.MinValue, "");
    }

    private void Write(long token, DateTimeOffset end, string holder) =>
        files.Write(File, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{token} {end.UtcTicks} {holder}")));
}
