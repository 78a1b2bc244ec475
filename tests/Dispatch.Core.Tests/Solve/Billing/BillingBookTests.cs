using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

public sealed class BillingBookTests
{
    private const string Account = """{"contract":"a","slots":20,"slots_per_hour":1,"free_slots":1,"next_slot":3,"mbps_slots":30,"target_mbps":5,"top_mbps":[20,9]}""";

    [Fact]
    public void Write_TwoRates_IsTheDocumentedText()
    {
        BillingAccount account = BillingAccount.Start(TransitContracts.Percentile, new(20, 1, 1)).Record(0, new(40)).Record(2, new(7));
        Assert.Equal(
            """{"version":1,"accounts":[{"contract":"transit","slots":20,"slots_per_hour":1,"free_slots":1,"next_slot":3,"mbps_slots":47,"target_mbps":10000,"top_mbps":[40,7]}]}""",
            Text(new([account])));
    }

    /// <summary>A month that is written and read at any slot goes on as if it had not been.</summary>
    [Fact]
    public void Read_WhatWasWritten_GoesOnAlike() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20261121UL, 405UL).WithMaxTest(500),
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Choose(0, 60_000), 30)), static rates =>
        {
            BillingAccount straight = BillingAccount.Start(TransitContracts.Percentile, new(30, 2, 3)), kept = straight;
            for (int slot = 0; slot < rates.Length; slot++)
            {
                string text = Text(new([kept]));
                BillingBook book = Assert.IsType<BillingBook>(Read(text).Book);
                Assert.Equal(text, Text(book));
                kept = book.Of("transit")!.Record(slot, new(rates[slot]));
                straight = straight.Record(slot, new(rates[slot]));
            }
            Assert.Equal((straight.Percentile, straight.MbpsSlots, straight.BurstsLeft(new(20_000))), (kept.Percentile, kept.MbpsSlots, kept.BurstsLeft(new(20_000))));
            return true;
        }));

    [Theory]
    [InlineData("{", "line 1, byte 2")]
    [InlineData("[]", "''")]
    [InlineData("{}", "'version' is ''")]
    [InlineData("""{"version":2,"accounts":[]}""", "'version' is '2': must be 1")]
    [InlineData("""{"version":1}""", "'accounts' is '': is missing")]
    [InlineData("""{"version":1,"accounts":[3]}""", "'accounts[0]' is '3'")]
    [InlineData("""{"version":1,"accounts":[{}]}""", "'accounts[0].top_mbps' is ''")]
    public void Read_NoBook_NamesTheField(string text, string named) => AssertFault(text, named);

    [Theory]
    [InlineData("\"slots\":20", "\"slots\":0", "accounts[0].slots' is '0'")]
    [InlineData("\"slots\":20", "\"slots\":2.5", "accounts[0].slots' is '2.5'")]
    [InlineData("\"free_slots\":1", "\"free_slots\":20", "accounts[0].free_slots' is '20': must be a whole number from 0 to 19")]
    [InlineData("\"next_slot\":3", "\"next_slot\":21", "accounts[0].next_slot' is '21'")]
    [InlineData("\"next_slot\":3", "\"next_slot\":1", "accounts[0].top_mbps' is '2 rates'")]
    [InlineData("\"mbps_slots\":30", "\"mbps_slots\":28", "must not be below the sum of top_mbps, 29")]
    [InlineData("[20,9]", "[9,20]", "accounts[0].top_mbps[1]' is '20'")]
    [InlineData("[20,9]", "[20,0]", "accounts[0].top_mbps[1]' is '0'")]
    [InlineData("[20,9]", "[20,9,1]", "accounts[0].top_mbps' is '3 rates'")]
    [InlineData("[20,9]", "\"20\"", "accounts[0].top_mbps' is '\"20\"': must be an array")]
    [InlineData("\"a\"", "\"\"", "accounts[0].contract' is '\"\"'")]
    [InlineData("\"target_mbps\":5", "\"target_mbps\":-5", "accounts[0].target_mbps' is '-5'")]
    public void Read_BrokenRule_NamesTheField(string from, string to, string named)
    {
        string book = $$"""{"version":1,"accounts":[{{Account}}]}""";
        Assert.NotNull(Read(book).Book);
        AssertFault(book.Replace(from, to, StringComparison.Ordinal), named);
    }

    [Fact]
    public void Read_ContractTwice_IsAFault() => AssertFault($$"""{"version":1,"accounts":[{{Account}},{{Account}}]}""", "'accounts[1].contract' is 'a'");

    [Fact]
    public void Read_SeveralFaults_AreAllListed() =>
        Assert.Equal(7, Read("""{"version":1,"accounts":[{"contract":"a"}]}""").Faults.Length);

    private static void AssertFault(string text, string named)
    {
        BillingBookResult result = Read(text);
        Assert.Null(result.Book);
        Assert.Contains(result.Faults, f => f.ToString().Contains(named, StringComparison.Ordinal));
        Assert.All(result.Faults, static f => Assert.StartsWith("billing.json: field '", f.ToString(), StringComparison.Ordinal));
    }

    private static BillingBookResult Read(string text) => BillingBook.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "billing.json");

    private static string Text(BillingBook book)
    {
        using MemoryStream stream = new();
        book.Write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
