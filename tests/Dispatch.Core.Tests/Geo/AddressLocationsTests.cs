using TrafficDispatch.Geo;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Geo;

public sealed class AddressLocationsTests
{
    [Theory]
    [InlineData("192.0.2.1", "DE-01")] // near Berlin
    [InlineData("192.0.2.200", "DE-02")] // Germany, no coordinates: the greatest peak; registered_country does not count
    [InlineData("198.51.100.1", "FR-01")]
    [InlineData("203.0.113.7", "")] // a record without a place
    [InlineData("2001:db8::1", "FR-01")]
    [InlineData("10.0.0.1", "")]
    public void Flatten_GeoIp2City_CountryThenNearest(string ip, string region) =>
        Assert.Equal(region, Region(AddressLocations.Flatten(GeoIp2Sample.Regions, [GeoIp2Sample.File(28, 6).ToReader()], []), ip));

    [Fact]
    public void Flatten_CountryOutsideOfTheWorld_NearestOfAll()
    {
        MmdbFile file = new(24, 4);
        int seoul = GeoIp2Sample.City(file.Data, "KR", 37.6, 127.0);
        file.Insert(MmdbTreeTests.Prefix("0.0.0.0/1"), seoul);
        Assert.Equal("JP-01", Region(AddressLocations.Flatten(GeoIp2Sample.Regions, [file.ToReader()], []), "1.2.3.4"));
    }

    [Theory]
    [InlineData("fr", double.NaN, double.NaN, "FR-01")]
    [InlineData("DE", 48.2, 11.5, "DE-02")]
    [InlineData("DE", 0.0, 0.0, "DE-02")]
    [InlineData("DE", 91.0, 11.5, "DE-02")]
    [InlineData("", 52.5, 13.0, "DE-01")]
    [InlineData("KR", double.NaN, double.NaN, "")]
    public void Flatten_FlatSchema_SameRules(string country, double latitude, double longitude, string region)
    {
        foreach (bool asText in new[] { false, true })
        {
            MmdbFile file = new(24, 4);
            file.Data.Map(3).Text("country_code").Text(country);
            Coordinate(file.Data, "latitude", latitude, asText);
            Coordinate(file.Data, "longitude", longitude, asText);
            file.Insert(MmdbTreeTests.Prefix("0.0.0.0/0"), 0);
            Assert.Equal(region, Region(AddressLocations.Flatten(GeoIp2Sample.Regions, [file.ToReader()], []), "1.2.3.4"));
        }
    }

    [Fact]
    public void Flatten_WithNetworks_LocationsAreRegionAndNetworkInOrder()
    {
        MmdbFile networks = new(24, 4);
        networks.Data.Map(1).Text("autonomous_system_number").Unsigned(MmdbType.UInt32, 4_200_000_000);
        int small = networks.Data.Position;
        networks.Data.Map(1).Text("asn").Text("AS64500");
        networks.Insert(MmdbTreeTests.Prefix("192.0.2.0/25"), 0);
        networks.Insert(MmdbTreeTests.Prefix("192.0.2.128/25"), small);
        networks.Insert(MmdbTreeTests.Prefix("10.0.0.0/8"), small);
        AddressLocations flat = AddressLocations.Flatten(GeoIp2Sample.Regions, [GeoIp2Sample.File(28, 6).ToReader()], [networks.ToReader()]);
        ClientLocation[] expected = [new(0, ""), new(1, ""), new(2, ""), new(3, ""), new(0, "AS64500"), new(0, "AS4200000000"), new(1, "AS64500")];
        Assert.Equal(expected, flat.Locations.ToArray());
        Assert.Equal(
            ["192.0.2.0/25 5", "192.0.2.128/26 4", "192.0.2.192/26 6", "198.51.100.0/22 2", "2001:db8::/32 2"],
            flat.Prefixes.Select(p => $"{p.Prefix} {p.Location}"));
    }

    [Fact]
    public void Flatten_NeighboursOfOneRegion_Merge()
    {
        MmdbFile file = new(24, 4);
        int berlin = GeoIp2Sample.City(file.Data, "DE", 52.4, 13.1), potsdam = GeoIp2Sample.City(file.Data, "DE", 52.4, 13.0);
        file.Insert(MmdbTreeTests.Prefix("192.0.2.0/25"), berlin);
        file.Insert(MmdbTreeTests.Prefix("192.0.2.128/25"), potsdam);
        file.Insert(MmdbTreeTests.Prefix("192.0.3.0/25"), potsdam);
        AddressLocations flat = AddressLocations.Flatten(GeoIp2Sample.Regions, [file.ToReader()], []);
        Assert.Equal(["192.0.2.0/24 0", "192.0.3.0/25 0"], flat.Prefixes.Select(p => $"{p.Prefix} {p.Location}"));
    }

    [Fact]
    public void Flatten_SeveralDatabases_FirstThatLeadsToARegionDecides()
    {
        MmdbFile first = new(24, 4), second = new(24, 4);
        int france = GeoIp2Sample.City(first.Data, "FR", 48, 2), germany = GeoIp2Sample.City(second.Data, "DE", 52.4, 13.1);
        first.Insert(MmdbTreeTests.Prefix("192.0.2.0/25"), france);
        second.Insert(MmdbTreeTests.Prefix("192.0.2.0/24"), germany);
        AddressLocations flat = AddressLocations.Flatten(GeoIp2Sample.Regions, [first.ToReader(), second.ToReader()], []);
        Assert.Equal(["192.0.2.0/25 2", "192.0.2.128/25 0"], flat.Prefixes.Select(p => $"{p.Prefix} {p.Location}"));
    }

    /// <summary>Two databases of places and one of networks, nested at random, against a lookup in each.</summary>
    [Fact]
    public void Flatten_RandomDatabases_AgreesWithLookupsAndCannotMergeFurther()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            Random random = new(seed);
            MmdbReader[] databases = [RandomDatabase(random), RandomDatabase(random), RandomDatabase(random)];
            AddressLocations flat = AddressLocations.Flatten(GeoIp2Sample.Regions, databases[..2], databases[2..]);
            PrefixIndex index = PrefixIndex.Build(flat.Prefixes.AsSpan());
            foreach (ClientAddress address in databases.SelectMany(d => d.Networks()).SelectMany(n => Ends(n.Prefix)))
            {
                int location = index.Find(address).Location;
                Assert.Equal(Expected(databases, address), location < 0 ? null : flat.Locations[location]);
            }
            Assert.All(flat.Prefixes.Zip(flat.Prefixes.Skip(1)), p => Assert.False(CanMerge(p.First, p.Second), $"seed {seed}: {p}"));
        }
    }

    private static MmdbReader RandomDatabase(Random random)
    {
        MmdbFile file = new(24, 6);
        string[] countries = ["DE", "FR", "JP", "KR"];
        IEnumerable<IpPrefix> prefixes = Enumerable.Range(0, random.Next(1, 12))
            .Select(_ => IpPrefix.Around(ClientAddress.FromV4((uint)random.Next(256) << 24), random.Next(1, 9)))
            .Concat(Enumerable.Range(0, 4).Select(_ => IpPrefix.Around(new ClientAddress((UInt128)(uint)random.Next(128, 256) << 120, true), random.Next(1, 9))));
        foreach (IpPrefix prefix in prefixes.Distinct().OrderBy(p => p.Length + (p.Address.IsIPv6 ? 0 : 96)))
        {
            int offset = file.Data.Position;
            file.Data.Map(2).Text("country_code").Text(countries[random.Next(4)]).Text("asn").Unsigned(MmdbType.UInt32, (uint)random.Next(3));
            file.Insert(prefix, offset);
        }
        return file.ToReader();
    }

    private static ClientLocation? Expected(MmdbReader[] databases, ClientAddress address)
    {
        int region = databases[..2].Select(d => d.Find(address)?["country_code"]?.Text switch { "DE" => 1, "FR" => 2, "JP" => 3, _ => -1 })
            .FirstOrDefault(r => r >= 0, -1);
        uint asn = (uint)(databases[2].Find(address)?["asn"]?.Unsigned ?? 0);
        return region < 0 ? null : new ClientLocation(region, asn == 0 ? "" : $"AS{asn}");
    }

    private static ClientAddress[] Ends(IpPrefix prefix) => [prefix.Address, prefix.Address with { Bits = Table.PrefixTable.Last(prefix) }];

    private static bool CanMerge(PrefixEntry first, PrefixEntry second) =>
        first.Location == second.Location && first.Prefix.Length == second.Prefix.Length && first.Prefix.Length > 0
        && IpPrefix.Around(first.Prefix.Address, first.Prefix.Length - 1) == IpPrefix.Around(second.Prefix.Address, first.Prefix.Length - 1);

    /// <summary>Whole path on a real file: index over flattened prefixes against the country that a lookup gives.</summary>
    [Fact]
    public void Flatten_RealCountryDatabase_IndexAgreesWithLookups()
    {
        MmdbReader reader = MmdbReader.Open(MmdbPeerTests.Installed("dbip-country.mmdb"));
        AddressLocations flat = AddressLocations.Flatten(GeoIp2Sample.Regions, [reader], []);
        PrefixIndex index = PrefixIndex.Build(flat.Prefixes.AsSpan());
        int[] found = new int[4];
        foreach (ClientAddress address in MmdbPeerTests.RandomAddresses(20_000, 6).Where(a => !IsOtherWayToV4(a)))
        {
            // The greatest peak of each country: Germany's is its second region.
            int expected = reader.Find(address)?["country_code"]?.Text switch { "DE" => 1, "FR" => 2, "JP" => 3, _ => PrefixEntry.None };
            Assert.Equal(expected, index.Find(address).Location);
            if (expected >= 0) found[expected]++;
        }
        Assert.All(found[1..], n => Assert.InRange(n, 50, 20_000));
        Assert.True(flat.Prefixes.Length < reader.Networks().Count() / 2);
    }

    private static bool IsOtherWayToV4(ClientAddress a) => a.IsIPv6 && ((uint)(a.Bits >> 96) == 0x2001_0000 || (a.Bits >> 112) == 0x2002);

    private static void Coordinate(MmdbData data, string name, double value, bool asText)
    {
        data.Text(name);
        if (asText) data.Text(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        else data.Double(value);
    }

    private static string Region(AddressLocations flat, string ip)
    {
        int location = PrefixIndex.Build(flat.Prefixes.AsSpan()).Find(ClientAddress.Parse(ip)).Location;
        return location < 0 ? "" : GeoIp2Sample.Regions[flat.Locations[location].Region].Id;
    }
}
