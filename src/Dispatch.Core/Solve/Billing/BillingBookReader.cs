using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Reads the text form of accounts and lists every fault, at most <see cref="MostFaults"/>.</summary>
internal sealed class BillingBookReader
{
    private const int MostFaults = 100;
    private const int LongestShown = 60;

    private readonly string _name;
    private readonly List<BillingFault> _faults = [];

    private BillingBookReader(string name) => _name = name;

    public static BillingBookResult Read(Stream input, string name)
    {
        BillingBookReader reader = new(name);
        BillingBook? book = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(input);
            book = reader.Book(document.RootElement);
        }
        catch (JsonException e)
        {
            reader.Add(string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"), "", "must be JSON");
        }
        return reader._faults.Count == 0 ? new(book, []) : new(null, [.. reader._faults]);
    }

    private BillingBook? Book(JsonElement root)
    {
        if (!Is(root, "", JsonValueKind.Object, "must be an object")) return null;
        long version = Number(root, "", "version", 1, int.MaxValue);
        if (version > 0 && version != BillingBook.FormatVersion)
            Add("version", version.ToString(CultureInfo.InvariantCulture), $"must be {BillingBook.FormatVersion}");
        if (version != BillingBook.FormatVersion) return null;
        if (!TryField(root, "", "accounts", out JsonElement list) || !Is(list, "accounts", JsonValueKind.Array, "must be an array")) return null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        ImmutableArray<BillingAccount>.Builder accounts = ImmutableArray.CreateBuilder<BillingAccount>();
        foreach (JsonElement row in list.EnumerateArray())
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"accounts[{accounts.Count}]");
            BillingAccount? account = Is(row, at, JsonValueKind.Object, "must be an object") ? Account(row, at + ".") : null;
            if (account is not null && !seen.Add(account.ContractId)) Add(at + ".contract", account.ContractId, "must not occur twice");
            if (account is null || _faults.Count >= MostFaults) return null;
            accounts.Add(account);
        }
        return new(accounts.ToImmutable());
    }

    private BillingAccount? Account(JsonElement row, string at)
    {
        int before = _faults.Count;
        string id = Text(row, at, "contract");
        BillingPeriod period = new((int)Number(row, at, "slots", 1, int.MaxValue), (int)Number(row, at, "slots_per_hour", 1, 3600), 0);
        period = period with { FreeSlots = (int)Number(row, at, "free_slots", 0, Math.Max(0, period.Slots - 1)) };
        long next = Number(row, at, "next_slot", 0, Math.Max(0, period.Slots));
        long sum = Number(row, at, "mbps_slots", 0, long.MaxValue);
        Mbps target = new(Number(row, at, "target_mbps", 0, long.MaxValue));
        ImmutableArray<long> top = Top(row, at, Math.Min(next, period.FreeSlots + 1L));
        if (_faults.Count > before) return null;
        Int128 least = 0;
        foreach (long rate in top) least += rate;
        if (least > sum) Add(at + "mbps_slots", sum.ToString(CultureInfo.InvariantCulture), $"must not be below the sum of top_mbps, {least}");
        return _faults.Count > before ? null : new(id, period, (int)next, sum, top, target);
    }

    private ImmutableArray<long> Top(JsonElement row, string at, long most)
    {
        if (!TryField(row, at, "top_mbps", out JsonElement list) || !Is(list, at + "top_mbps", JsonValueKind.Array, "must be an array")) return [];
        if (list.GetArrayLength() > most) Add(at + "top_mbps", $"{list.GetArrayLength()} rates", $"must not be more than recorded slots and than free_slots + 1: {most}");
        ImmutableArray<long>.Builder rates = ImmutableArray.CreateBuilder<long>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            string field = string.Create(CultureInfo.InvariantCulture, $"{at}top_mbps[{rates.Count}]");
            long greatest = rates.Count > 0 ? rates[^1] : long.MaxValue;
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long rate) || rate < 1 || rate > greatest)
            {
                Add(field, Shown(item), $"must be a whole number from 1 to {greatest}: rates fall");
                break;
            }
            rates.Add(rate);
        }
        return rates.ToImmutable();
    }

    private string Text(JsonElement row, string at, string field)
    {
        if (!TryField(row, at, field, out JsonElement value)) return "";
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text) return text;
        Add(at + field, Shown(value), "must be a text that is not empty");
        return "";
    }

    private long Number(JsonElement row, string at, string field, long least, long most)
    {
        if (!TryField(row, at, field, out JsonElement value)) return 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= least && number <= most) return number;
        Add(at + field, Shown(value), $"must be a whole number from {least} to {most}");
        return 0;
    }

    private bool TryField(JsonElement row, string at, string field, out JsonElement value)
    {
        if (row.TryGetProperty(field, out value)) return true;
        Add(at + field, "", "is missing");
        return false;
    }

    private bool Is(JsonElement value, string field, JsonValueKind kind, string rule)
    {
        if (value.ValueKind == kind) return true;
        Add(field, Shown(value), rule);
        return false;
    }

    private static string Shown(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= LongestShown ? text : text[..LongestShown] + "…";
    }

    private void Add(string field, string value, string rule) => _faults.Add(new(_name, field, value, rule));
}
