using System.Security.Cryptography;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State;

/// <summary>Billing books as bytes with a checksum.</summary>
internal static class BookText
{
    public static byte[] Write(BillingBook book)
    {
        using MemoryStream text = new();
        book.Write(text);
        return text.ToArray();
    }

    public static string Checksum(byte[] text) => Convert.ToHexStringLower(SHA256.HashData(text));

    /// <summary>Reads a copy; null where it is absent or damaged, with the faults in the latter case.</summary>
    public static BillingBook? Read(byte[]? text, string? checksum, string name, List<string> faults)
    {
        if (text is null) return null;
        if (Checksum(text) != checksum)
        {
            faults.Add($"{name}: does not have its checksum");
            return null;
        }
        using MemoryStream stream = new(text);
        BillingBookResult read = BillingBook.Read(stream, name);
        faults.AddRange(read.Faults.Select(static f => f.ToString()));
        return read.Book;
    }
}
