-- The words of the catalogue. Their number matters: text of few words compresses too well.

create function pg_temp.departments() returns text[] stable return array[
  'Electronics', 'Fashion', 'Kitchen', 'Home', 'Beauty', 'Sports', 'Books', 'Toys', 'Garden',
  'Groceries', 'Office', 'Baby', 'Pets', 'Tools', 'Music', 'Outdoor', 'Shoes', 'Jewelry', 'Lighting',
  'Automotive', 'Crafts', 'Travel', 'Photography', 'Collectibles'];

-- In won: about the lowest price in each department.
create function pg_temp.floor_prices() returns integer[] stable return array[
  19000, 9900, 7900, 5900, 6900, 12000, 8000, 7900, 4900, 1900, 2900, 8900, 4900, 9900, 29000, 19000,
  29000, 39000, 12900, 7900, 2900, 19900, 49000, 9900];

-- Six per department, in the same order.
create function pg_temp.things() returns text[] stable return array[
  ['Headphones', 'Laptop', 'Keyboard', 'Monitor', 'Speaker', 'Charger'],
  ['Jacket', 'Cardigan', 'Jeans', 'Scarf', 'Dress', 'Linen Shirt'],
  ['Rice Cooker', 'Frying Pan', 'Knife Set', 'Kettle', 'Teapot', 'Cutting Board'],
  ['Armchair', 'Bookshelf', 'Blanket', 'Side Table', 'Curtain', 'Pillow'],
  ['Sunscreen', 'Serum', 'Hand Cream', 'Lip Balm', 'Shampoo', 'Face Mask'],
  ['Yoga Mat', 'Dumbbells', 'Running Vest', 'Badminton Racket', 'Swim Goggles', 'Jump Rope'],
  ['Atlas', 'Cookbook', 'Field Guide', 'Dictionary', 'Novel', 'Workbook'],
  ['Puzzle', 'Wooden Train', 'Board Game', 'Building Blocks', 'Kite', 'Plush Bear'],
  ['Watering Can', 'Planter', 'Pruning Shears', 'Hose', 'Bird Feeder', 'Rake'],
  ['Green Tea', 'Olive Oil', 'Honey', 'Dried Seaweed', 'Coffee Beans', 'Rice'],
  ['Notebook', 'Fountain Pen', 'Desk Organizer', 'Stapler', 'Whiteboard', 'Paper Shredder'],
  ['Stroller', 'Baby Monitor', 'Bib Set', 'High Chair', 'Sleeping Bag', 'Bottle Warmer'],
  ['Cat Tower', 'Dog Bed', 'Leash', 'Water Fountain', 'Carrier', 'Scratching Post'],
  ['Cordless Drill', 'Socket Set', 'Spirit Level', 'Work Gloves', 'Handsaw', 'Tool Box'],
  ['Ukulele', 'Digital Piano', 'Guitar Strings', 'Metronome', 'Cajon', 'Music Stand'],
  ['Tent', 'Camping Stove', 'Headlamp', 'Folding Chair', 'Cooler', 'Hammock'],
  ['Sneakers', 'Hiking Boots', 'Loafers', 'Sandals', 'Slippers', 'Rain Boots'],
  ['Necklace', 'Signet Ring', 'Earrings', 'Bracelet', 'Brooch', 'Watch Strap'],
  ['Desk Lamp', 'Pendant Lamp', 'Night Light', 'Light Strip', 'Floor Lamp', 'Candle Holder'],
  ['Dash Camera', 'Seat Cover', 'Tire Inflator', 'Phone Mount', 'Floor Mat', 'Car Vacuum'],
  ['Yarn', 'Sewing Kit', 'Watercolor Set', 'Calligraphy Brush', 'Clay', 'Embroidery Hoop'],
  ['Suitcase', 'Backpack', 'Packing Cubes', 'Neck Pillow', 'Passport Case', 'Travel Adapter'],
  ['Tripod', 'Camera Bag', 'Lens Filter', 'Film Scanner', 'Light Box', 'Photo Album'],
  ['Moon Jar', 'Coin Album', 'Model Ship', 'Tin Robot', 'Stamp Set', 'Vinyl Record']];

-- Most products are in their department, the others in one of these subcategories.
create function pg_temp.niches() returns text[] stable return array[
  'Bestsellers', 'New Arrivals', 'Gifts', 'For Children', 'Essentials', 'Premium', 'Handmade',
  'Small Spaces', 'On the Go', 'Refurbished', 'Limited Editions', 'Eco', 'Spare Parts', 'Vintage',
  'Professional', 'Seasonal', 'Sets', 'Starter Kits', 'Accessories', 'Oversized', 'Imports',
  'Local Makers', 'For Seniors', 'Left-Handed', 'Clearance', 'Made to Order', 'Bulk', 'Samples',
  'Restored', 'Awards', 'Museum Shop', 'Student', 'Wedding', 'Monogrammed', 'Braille', 'Prototypes',
  'Signed', 'Numbered', 'Auction', 'One of a Kind'];

create function pg_temp.syllables() returns text[] stable return array[
  'han', 'na', 'dal', 'so', 'mi', 'ga', 'on', 'byeol', 'nu', 'ha', 'ta', 'ri', 'do', 'se', 'bo', 'yu',
  'ji', 'ka', 'mo', 'le', 'vo', 'en', 'ar', 'su', 'wel', 'to', 'pi', 'ra', 'shin', 'gu', 'mar', 'del'];

create function pg_temp.endings() returns text[] stable return array[
  'bit', 'mu', 'ra', 'rum', 'ram', 'ri', 'neul', 'ssi', 'nix', 'mark', 'works', 'lab', 'dan', 'vale',
  'stone', 'hill', 'sen', 'den', 'berg', 'field', 'one', 'ia', 'ado', 'ett', 'or', 'um', 'wood', 'lin'];

create function pg_temp.editions() returns text[] stable return array[
  'Classic', 'Mini', 'Pro', 'Air', 'Light', 'Studio', 'Everyday', 'Max', 'Select', 'Plus', 'Original',
  'Duo', 'Nordic', 'Urban', 'Heritage', 'Compact', 'Signature', 'Quiet', 'Active', 'Pure', 'Retro',
  'Flex', 'Slim', 'Family', 'Junior', 'Atelier', 'Weekend', 'Eco'];

create function pg_temp.colors() returns text[] stable return array[
  'black', 'white', 'ivory', 'charcoal', 'navy', 'sky blue', 'sage', 'olive', 'forest green', 'mint',
  'mustard', 'terracotta', 'burgundy', 'rose', 'coral', 'lavender', 'sand', 'walnut', 'graphite',
  'silver', 'brass', 'copper', 'celadon', 'indigo', 'petrol', 'cherry', 'plum', 'ochre', 'teal', 'khaki',
  'ash grey', 'cream', 'peach', 'turquoise', 'ruby', 'cobalt', 'moss', 'pearl', 'chestnut', 'amber',
  'lilac', 'rust', 'smoke', 'vanilla'];

create function pg_temp.materials() returns text[] stable return array[
  'stainless steel', 'cast iron', 'solid oak', 'bamboo', 'recycled aluminium', 'organic cotton',
  'merino wool', 'washed linen', 'borosilicate glass', 'stoneware', 'vegetable-tanned leather', 'cork',
  'silicone', 'carbon fibre', 'ripstop nylon', 'hemp', 'porcelain', 'brushed brass', 'beech',
  'natural rubber', 'titanium', 'felt', 'rattan', 'enamel', 'recycled polyester', 'walnut veneer',
  'hanji paper', 'slate', 'mulberry silk', 'canvas', 'ash wood', 'powder-coated steel', 'zinc', 'alpaca',
  'jute', 'soapstone', 'cherry wood', 'acrylic', 'denim', 'birch plywood', 'tempered glass', 'corduroy',
  'terrazzo', 'flax', 'tin', 'moleskin', 'bronze', 'sheepskin'];

create function pg_temp.qualities() returns text[] stable return array[
  'sturdy', 'quiet', 'light', 'compact', 'generous', 'soft', 'precise', 'foldable', 'washable',
  'breathable', 'scratch-resistant', 'dependable', 'elegant', 'plain', 'warm', 'waterproof', 'flexible',
  'well-balanced', 'easy-going', 'slim', 'rugged', 'seamless', 'airy', 'smooth', 'durable', 'cheerful',
  'understated', 'repairable', 'stackable', 'timeless', 'handy', 'roomy', 'nimble', 'frost-proof',
  'dishwasher-safe', 'modular', 'weightless', 'velvety', 'crisp', 'glare-free', 'tear-proof', 'snug',
  'odourless', 'hard-wearing', 'forgiving', 'versatile', 'graceful', 'unbreakable', 'spotless',
  'featherweight', 'hypoallergenic', 'springy', 'steady', 'matte', 'glossy', 'windproof', 'fade-proof',
  'bold', 'humble', 'clever', 'silent', 'robust', 'supple', 'fuss-free'];

create function pg_temp.parts() returns text[] stable return array[
  'hinges', 'corners', 'pockets', 'straps', 'seams', 'clasps', 'rivets', 'handles', 'wheels', 'blades',
  'buttons', 'edges', 'cushions', 'zips', 'laces', 'hooks', 'legs', 'drawers', 'lenses', 'filters',
  'brackets', 'grips', 'cables', 'caps', 'lids', 'sleeves', 'linings', 'buckles', 'dials', 'springs',
  'nozzles', 'trays', 'shelves', 'loops', 'magnets', 'bearings', 'bristles', 'labels', 'joints', 'spokes',
  'fasteners', 'panels', 'tassels', 'vents', 'valves', 'cuffs', 'collars', 'soles', 'knobs', 'bands',
  'pegs', 'tips', 'gaskets', 'switches', 'pads', 'ribs', 'hems', 'strings', 'sockets', 'screws', 'bolts',
  'frames', 'mounts', 'pouches'];

create function pg_temp.actions() returns text[] stable return array[
  'folds', 'opens', 'locks', 'dries', 'charges', 'rolls up', 'comes apart', 'cools down', 'heats up',
  'adjusts', 'unlocks', 'empties', 'fills', 'mounts', 'stows away', 'assembles', 'disappears in a drawer',
  'changes its shape', 'starts', 'calms down', 'glides', 'swivels', 'inflates', 'cleans itself',
  'closes'];

create function pg_temp.virtues() returns text[] stable return array[
  'finish', 'weight', 'sound', 'smell', 'balance', 'packaging', 'colour', 'texture', 'instructions',
  'warranty', 'price', 'fit', 'stitching', 'stability', 'cleaning', 'storage', 'delivery', 'pattern',
  'thickness', 'temperature', 'comfort', 'cut', 'noise', 'speed', 'reach', 'taste', 'feel', 'hold',
  'shine', 'shape', 'strength', 'depth', 'clarity', 'drape', 'warmth', 'lightness', 'silence', 'grain',
  'range', 'patience of the support'];

create function pg_temp.trials() returns text[] stable return array[
  'winters', 'siblings', 'moves', 'festivals', 'semesters', 'owners', 'repairs', 'storms', 'birthdays',
  'holidays', 'deadlines', 'tenants', 'marathons', 'dinners', 'seasons', 'journeys', 'puppies',
  'toddlers', 'rehearsals', 'harvests'];

create function pg_temp.places() returns text[] stable return array[
  'small kitchens', 'long commutes', 'rainy weekends', 'the office', 'a shared flat', 'the balcony',
  'camping trips', 'large families', 'beginners', 'people who work at night', 'daily use', 'the studio',
  'the first apartment', 'cold mornings', 'a picnic by the river', 'the workshop', 'long flights',
  'children from six years on', 'a reading corner', 'guests', 'the gym bag', 'hard water',
  'narrow hallways', 'allergy sufferers', 'hotel rooms', 'the school run', 'left-handed people',
  'mountain huts', 'summer evenings', 'a house with cats', 'the allotment', 'muddy trails',
  'grandparents', 'night trains', 'the rehearsal room', 'market stalls', 'moving house', 'a houseboat',
  'students', 'windy beaches', 'dinner for eight', 'the back seat', 'concert halls', 'a greenhouse',
  'snow and slush', 'early risers', 'the waiting room', 'caravans', 'retired engineers',
  'loud neighbours'];

create function pg_temp.cares() returns text[] stable return array[
  'Wash it by hand.', 'It may go into the dishwasher.', 'Wipe it with a damp cloth.',
  'Keep it away from direct sunlight.', 'Machine wash cold, hang to dry.', 'Oil it twice a year.',
  'Spare parts are kept for ten years.', 'Assembly takes a quarter of an hour.', 'Batteries are included.',
  'It comes in a box without plastic.', 'Charge it fully before the first use.', 'Do not iron.',
  'It ships from our own warehouse.', 'Returns are free within thirty days.', 'Rinse it after swimming.',
  'Store it in a dry place.', 'The cover comes off with a zip.', 'No tools are needed.'];

create function pg_temp.given_names() returns text[] stable return array[
  'Mina', 'Jisoo', 'Haneul', 'Seojun', 'Doyun', 'Ara', 'Yuna', 'Minho', 'Sora', 'Jiwoo', 'Hyejin',
  'Taeyang', 'Nari', 'Eunji', 'Dohyun', 'Bora', 'Sumin', 'Jaewon', 'Gaeun', 'Woojin', 'Anna', 'Paul',
  'Maria', 'Leo', 'Emma', 'Noah', 'Lina', 'Oscar'];

create function pg_temp.family_names() returns text[] stable return array[
  'Kim', 'Lee', 'Park', 'Choi', 'Jung', 'Kang', 'Cho', 'Yoon', 'Jang', 'Lim', 'Han', 'Oh', 'Seo', 'Shin',
  'Kwon', 'Hwang', 'Ahn', 'Song', 'Ryu', 'Hong', 'Berger', 'Novak', 'Silva', 'Moreau'];

create function pg_temp.person_of(row_no bigint, slot integer) returns text stable
return pg_temp.pick(pg_temp.given_names(), row_no, slot) || ' '
  || pg_temp.pick(pg_temp.family_names(), row_no, slot + 1);

create function pg_temp.streets() returns text[] stable return array[
  'Sejong-daero, Jung-gu, Seoul', 'Teheran-ro, Gangnam-gu, Seoul', 'Haeundae-ro, Haeundae-gu, Busan',
  'Dongseong-ro, Jung-gu, Daegu', 'Yangjae-daero, Songpa-gu, Seoul', 'Munhwa-ro, Yuseong-gu, Daejeon',
  'Jungang-ro, Jeju-si, Jeju', 'Hyoja-ro, Wansan-gu, Jeonju', 'Songdo-daero, Yeonsu-gu, Incheon',
  'Mudeung-ro, Buk-gu, Gwangju', 'Worldcup-ro, Mapo-gu, Seoul', 'Gyeongpo-ro, Gangneung-si, Gangwon'];

create function pg_temp.reasons() returns text[] stable return array[
  'Ordered by mistake.', 'Found it cheaper elsewhere.', 'It takes too long.', 'Wrong color.',
  'Wrong address.', 'Changed my mind.', 'Ordered twice.', 'No longer needed.'];
