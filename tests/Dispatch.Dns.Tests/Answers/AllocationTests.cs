using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.Tests.Wire;
using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Dns.Tests.Answers;

[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    [Fact]
    public void Respond_Warm_AllocatesNothing()
    {
        DnsTable table = new Asking(new TableSketch()).Table;
        byte[][] queries =
        [
            Messages.Query("live.example.net", DnsType.A, Messages.Subnet("192.0.2.0/26")), Messages.Query("LIVE.example.net", DnsType.Aaaa, Messages.Subnet("2001:db8::/48")),
            Messages.Query("get.example.net", DnsType.A, Messages.Subnet("192.0.2.0/24")), Messages.Query("nobody.example.net", DnsType.A), Messages.Query("example.net", DnsType.Ns, []),
        ];
        byte[] room = new byte[DnsMessage.MaxBytes];
        AnswerSheet sheet = new();
        for (int i = 0; i < 2000; i++) Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            foreach (byte[] query in queries)
                if (DnsResponder.Respond(query, table, default, NoRegion, false, room, sheet) == 0) throw new InvalidOperationException("No answer.");
        }
    }

    private static int NoRegion(Model.ClientAddress resolver) => -1;
}
