using System.Collections.Immutable;

namespace TrafficDispatch.State;

/// <summary>What measurements leave behind that lives longer than they do: resolvers' clients, levels of demand.</summary>
/// <param name="Note">What else belongs to it, for instance up to which part it goes. At most 500 characters, no line ends.</param>
/// <param name="Book">The book as <c>MeasureBook.WriteTo</c> gives it; opaque here. At least one byte.</param>
public sealed record KeptMeasures(string Note, ReadOnlyMemory<byte> Book);

/// <summary>What came of reading it.</summary>
/// <param name="Found">The newest that is whole; null where there is none.</param>
/// <param name="Faults">Why a newer one was passed over, a line each.</param>
public sealed record MeasuresReading(KeptMeasures? Found, ImmutableArray<string> Faults);

/// <summary>The lasting part of what is measured, with the copy before it. A lost one costs some hours of learning. Thread-safe.</summary>
public interface IMeasureArchive
{
    /// <summary>Keeps a newer one; the one before stays as a copy.</summary>
    /// <returns>Whether it was stored; <see cref="FencedWrite.NotNewer"/> where another was stored at the same moment.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<FencedWrite> SaveAsync(KeptMeasures measures, FencingToken token, CancellationToken cancellation);

    /// <summary>The newest that is whole.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<MeasuresReading> LatestAsync(CancellationToken cancellation);
}

/// <summary>What every archive of measures asks of its callers.</summary>
internal static class MeasureRules
{
    private const int LongestNote = 500;

    /// <summary>Checks the note and the book.</summary>
    /// <exception cref="ArgumentException">One breaks its rule.</exception>
    public static void Check(KeptMeasures measures)
    {
        if (measures.Note.Length > LongestNote || measures.Note.Any(char.IsControl))
            throw new ArgumentException($"A note has at most {LongestNote} characters and no line ends.", nameof(measures));
        if (measures.Book.IsEmpty) throw new ArgumentException("The book is empty.", nameof(measures));
    }
}
