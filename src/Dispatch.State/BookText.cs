using System.Globalization;
using System.Security.Cryptography;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State;

/// <summary>Billing books as bytes, and their months as text.</summary>
internal static class BookText
{
    private const string MonthForm = "yyyy-MM";

    public static byte[] Write(BillingBook book)
    {
        using MemoryStream text = new();
        book.Write(text);
        return text.ToArray();
    }

    public static string Checksum(byte[] text) => Convert.ToHexStringLower(SHA256.HashData(text));

    /// <summary>A month as <c>YYYY-MM</c>.</summary>
    public static string MonthOf(DateTimeOffset start) => start.UtcDateTime.ToString(MonthForm, CultureInfo.InvariantCulture);

    /// <summary>Reads <c>YYYY-MM</c>.</summary>
    public static bool TryReadMonth(string text, out DateTimeOffset start) =>
        DateTimeOffset.TryParseExact(text, MonthForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out start);

    /// <summary>Reads a copy; null where it is absent or damaged, with the faults in the latter case.</summary>
    public static BillingBook? Read(byte[]? text, string name, List<string> faults)
    {
        if (text is null) return null;
        using MemoryStream stream = new(text);
        BillingBookResult read = BillingBook.Read(stream, name);
        faults.AddRange(read.Faults.Select(static f => f.ToString()));
        return read.Book;
    }

    /// <summary>Reads a copy that has its checksum.</summary>
    public static BillingBook? Read(byte[]? text, string? checksum, string name, List<string> faults)
    {
        if (text is null || Checksum(text) == checksum) return Read(text, name, faults);
        faults.Add($"{name}: does not have its checksum");
        return null;
    }
}
