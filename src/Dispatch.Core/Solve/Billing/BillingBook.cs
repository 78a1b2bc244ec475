using System.Collections.Immutable;
using System.Text.Json;

namespace TrafficDispatch.Solve.Billing;

/// <summary>The accounts of all contracts, to keep between runs. Immutable and thread-safe.</summary>
/// <param name="Accounts">One a contract, in any order.</param>
/// <remarks>The text form is JSON, version 1; <c>docs/billing.md</c> lists its fields. Written and read again it is the same, byte for byte.</remarks>
public sealed record BillingBook(ImmutableArray<BillingAccount> Accounts)
{
    /// <summary>Version of the text form.</summary>
    public const int FormatVersion = 1;

    /// <summary>The account of a contract, or null. O(accounts).</summary>
    public BillingAccount? Of(string contractId) => Accounts.FirstOrDefault(a => a.ContractId == contractId);

    /// <summary>Writes the text form, UTF-8.</summary>
    public void Write(Stream output)
    {
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        json.WriteNumber("version", FormatVersion);
        json.WriteStartArray("accounts");
        foreach (BillingAccount account in Accounts) Write(json, account);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads the text form; nothing of a faulty one is used.</summary>
    /// <param name="input">The text.</param>
    /// <param name="name">What faults call it, such as the file's name.</param>
    public static BillingBookResult Read(Stream input, string name) => BillingBookReader.Read(input, name);

    private static void Write(Utf8JsonWriter json, BillingAccount account)
    {
        json.WriteStartObject();
        json.WriteString("contract", account.ContractId);
        json.WriteNumber("slots", account.Period.Slots);
        json.WriteNumber("slots_per_hour", account.Period.SlotsPerHour);
        json.WriteNumber("free_slots", account.Period.FreeSlots);
        json.WriteNumber("next_slot", account.NextSlot);
        json.WriteNumber("mbps_slots", account.MbpsSlots);
        json.WriteNumber("target_mbps", account.Target.Value);
        json.WriteStartArray("top_mbps");
        foreach (long rate in account.Top) json.WriteNumberValue(rate);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>A rule that a billing book breaks.</summary>
/// <param name="Name">Name of the text.</param>
/// <param name="Field">Path of the field, for instance <c>accounts[2].top_mbps[5]</c>; for what is no JSON the line and byte.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Rule">What must.</param>
public sealed record BillingFault(string Name, string Field, string Value, string Rule)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: field '{Field}' is '{Value}': {Rule}";
}

/// <summary>A billing book, or everything that is wrong with it.</summary>
/// <param name="Book">The book; null where there is a fault.</param>
/// <param name="Faults">The faults; empty where there is a book.</param>
public sealed record BillingBookResult(BillingBook? Book, ImmutableArray<BillingFault> Faults);
