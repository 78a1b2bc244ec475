using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.Tests.Wire;
using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Dns.Tests.Answers;

/// <summary>Damaged packets: 200,000 always, ten million in long runs. The seed is fixed; a failure names the packet.</summary>
public sealed class MutationTests
{
    private static readonly int Packets = Environment.GetEnvironmentVariable("DISPATCH_LONG_TESTS") == "1" ? 10_000_000 : 200_000;

    private readonly Asking _asking = new(new TableSketch());
    private readonly byte[] _room = new byte[DnsMessage.MaxBytes];
    private readonly AnswerSheet _sheet = new();

    [Fact]
    public void ReadAndRespond_MutatedPackets_NeverThrowAndAlwaysAnswer()
    {
        byte[][] seeds = [.. Seeds()];
        Random random = new(7871);
        int[] byRcode = new int[16];
        byte[] packet = new byte[2048];
        for (int i = 0; i < Packets; i++)
        {
            int length = Mutate(seeds, random, packet);
            try
            {
                int answered = CheckAnswer(packet.AsSpan(0, length), cut: (i & 1) == 0);
                if (answered >= 0) byRcode[answered]++;
            }
            catch (Exception e)
            {
                Assert.Fail($"packet {i}, {Convert.ToHexString(packet.AsSpan(0, length))}: {e}");
            }
        }
        // The mutations reach every way out, or they would try nothing.
        foreach (DnsRcode rcode in (ReadOnlySpan<DnsRcode>)[DnsRcode.NoError, DnsRcode.FormErr, DnsRcode.NxDomain, DnsRcode.NotImp, DnsRcode.Refused])
            Assert.True(byRcode[(int)rcode] > Packets / 2000, $"{rcode}: {byRcode[(int)rcode]}");
    }

    /// <summary>The answer's rcode; −1 where there was nothing to answer to.</summary>
    private int CheckAnswer(ReadOnlySpan<byte> packet, bool cut)
    {
        bool read = DnsMessage.TryRead(packet, out DnsMessage? message, out DnsFault fault);
        Assert.Equal(fault == DnsFault.None, read);
        // What was read can be written; compression may make it shorter or, with other cases, longer.
        if (message?.ToBytes() is { } again) Assert.Equal(Messages.Text(message), Messages.Text(Messages.Read(again)));
        int length = DnsResponder.Respond(packet, _asking.Table, default, static _ => -1, cut, _room, _sheet);
        Assert.Equal(packet.Length >= DnsHeader.Bytes, length > 0);
        if (length == 0) return -1;
        DnsMessage answer = Messages.Read(_room.AsSpan(0, length));
        Assert.True(answer.Header.IsResponse && answer.Questions.Length <= 1);
        Assert.Equal((packet[0] << 8) | packet[1], answer.Header.Id);
        return answer.Header.RcodeLow;
    }

    private static int Mutate(byte[][] seeds, Random random, byte[] packet)
    {
        byte[] seed = seeds[random.Next(seeds.Length)];
        seed.CopyTo(packet, 0);
        int length = seed.Length;
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(length + 1);
            switch (random.Next(6))
            {
                case 0 when at < length:
                    packet[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < length:
                    packet[at] = (byte)random.Next(256);
                    break;
                case 2:
                    length = at;
                    break;
                case 3:
                    // Something of another packet over or behind what is there.
                    byte[] other = seeds[random.Next(seeds.Length)];
                    int start = random.Next(other.Length), count = Math.Min(other.Length - start, packet.Length - at);
                    other.AsSpan(start, count).CopyTo(packet.AsSpan(at));
                    length = Math.Max(length, at + count);
                    break;
                case 4 when at + 1 < length:
                    (packet[at], packet[at + 1]) = (0xC0, (byte)random.Next(256));
                    break;
                case 5 when length < packet.Length:
                    packet.AsSpan(at, length - at).CopyTo(packet.AsSpan(at + 1));
                    packet[at] = (byte)random.Next(256);
                    length++;
                    break;
            }
        }
        return length;
    }

    private IEnumerable<byte[]> Seeds()
    {
        foreach (string name in (string[])["live.example.net", "tv.example.net", "get.example.net", "nobody.example.net", "example.net", "example.org", "."])
        {
            foreach (DnsType type in (DnsType[])[DnsType.A, DnsType.Aaaa, DnsType.Any, DnsType.Soa, DnsType.Ns])
            {
                foreach (byte[]? options in (byte[]?[])[null, [], Messages.Subnet("203.0.113.0/24"), Messages.Subnet("2001:db8::/48"), [0xFF, 0xEE, 0, 4, 198, 51, 100, 1]])
                {
                    byte[] query = Messages.Query(name, type, options);
                    yield return query;
                    yield return _asking.Bytes(query);
                }
            }
        }
    }
}
